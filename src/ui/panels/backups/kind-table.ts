import { css, html, type TemplateResult } from 'lit';
import type { RestoreChoice, RestorePlan } from '#core/restores.ts';
import { kindPlural } from '#entities/kind-names.ts';
import { tableStyles } from '#ui/styles/card-lists.ts';
import { amountText } from '#ui/text/time-text.ts';
import { columns, waySelect, withWay } from './restore-ways.ts';

type KindWays = NonNullable<RestoreChoice['kinds']>;

export const kindTableStyles = [
  tableStyles,
  css`
    .scroller {
      overflow-x: auto;
    }

    th,
    td {
      white-space: nowrap;
    }

    /* On a phone each kind is a block: a menu that one has to scroll to is not found. */
    @media (width < 40rem) {
      table,
      tbody {
        display: block;
      }

      thead {
        display: none;
      }

      tr {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        column-gap: var(--space-4);
        padding-block: var(--space-2);
        border-block-end: 1px solid var(--line);
      }

      th,
      td {
        border: 0;
        padding-inline: 0;
        white-space: normal;
      }

      tbody th,
      td:last-child {
        grid-column: 1 / -1;
        text-align: start;
      }

      td[data-label] {
        display: flex;
        justify-content: space-between;
        gap: var(--space-2);
      }

      td[data-label]::before {
        content: attr(data-label);
        color: var(--ink-3);
      }
    }
  `,
];

/** What a restore would do, counted by kind, with the way of each kind. `choose` gets the ways as they are to be. */
export function kindTable(counts: RestorePlan['counts'], ways: KindWays, choose: (ways: KindWays) => void): TemplateResult {
  const shown = columns.filter(([name]) => Object.values(counts).some((of) => of[name] > 0));
  return html`<div class="scroller" tabindex="0" role="region" aria-label="Counts by kind">
    <table>
      <thead><tr><th scope="col">Kind</th>${shown.map(([, label]) => html`<th scope="col">${label}</th>`)}<th scope="col">What becomes of them</th></tr></thead>
      <tbody>
        ${Object.entries(counts).map(
          ([kind, of]) =>
            html`<tr><th scope="row">${kindPlural(kind)}</th>${shown.map(([name, label]) => html`<td data-label=${label}>${of[name] === 0 ? '–' : amountText(of[name])}</td>`)}
              <td>${waySelect(kindPlural(kind), ways[kind], (way) => choose(withWay(ways, kind, way)))}</td></tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
