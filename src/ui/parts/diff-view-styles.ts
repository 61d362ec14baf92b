import { css } from 'lit';

export const diffStyles = css`
  :host {
    font-size: var(--text-m);
    line-height: 1.6;
  }

  .block {
    position: relative;
    padding-block: 0.1rem;
    padding-inline: 1.75rem var(--space-3);
    /* Each line in its own direction; the sign is at the side where the first one begins. */
    unicode-bidi: plaintext;
    text-align: start;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  section > .block {
    padding-inline-start: var(--space-3);
  }

  .same {
    color: var(--ink-2);
  }

  .removed {
    background: color-mix(in oklab, var(--removed) 50%, transparent);
  }

  .added {
    background: color-mix(in oklab, var(--added) 50%, transparent);
  }

  .signed {
    border-radius: var(--radius-s);
  }

  .signed::before {
    position: absolute;
    inset-inline-start: 0.6rem;
    font-family: var(--font-mono);
  }

  .signed.removed::before {
    content: "−" / "";
  }

  .signed.added::before {
    content: "+" / "";
  }

  del,
  ins,
  mark {
    border-radius: 2px;
    color: inherit;
    text-decoration: none;
  }

  del {
    background: var(--removed);
    text-decoration: line-through;
  }

  ins {
    background: var(--added);
  }

  mark {
    background: var(--mark);
    font-weight: 600;
  }

  summary,
  .gap {
    color: var(--ink-3);
    font-size: var(--text-s);
  }

  summary {
    padding: var(--space-1) var(--space-3);
    cursor: pointer;
  }

  .columns {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    border: 1px solid var(--line);
    border-radius: var(--radius-m);
    overflow: hidden;
  }

  section {
    display: grid;
    grid-row: 1 / span var(--rows);
    grid-template-rows: subgrid;
    min-inline-size: 0;
  }

  section + section {
    border-inline-start: 1px solid var(--line);
  }

  section .block:last-child {
    padding-block-end: var(--space-2);
  }

  h4 {
    padding: var(--space-2) var(--space-3);
    border-block-end: 1px solid var(--line);
    background: var(--surface-sunken);
    color: var(--ink-2);
    font-size: var(--text-s);
    font-weight: var(--weight-strong);
  }

  .none {
    background: var(--surface-sunken);
  }

  .empty {
    color: var(--ink-3);
    font-style: italic;
  }

  @container (max-width: 45rem) {
    .columns {
      grid-template-columns: minmax(0, 1fr);
    }

    section {
      display: block;
      grid-row: auto;
    }

    section + section {
      border-block-start: 1px solid var(--line);
      border-inline-start: 0;
    }

    .none {
      display: none;
    }
  }
`;
