import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { KindComparison } from '#app/status/comparison.ts';
import type { CompareError, KindCount } from '#app/status/status-service.ts';
import { ledger } from '#entities/index.ts';
import { kindPlural } from '#entities/kind-names.ts';
import { liveList } from '#ui/controllers/live-list.ts';
import { icon } from '#ui/parts/icon.ts';
import { loadContent } from '#ui/parts/load-state.ts';
import { errorProblem } from '#ui/parts/messages.ts';
import { tableStyles } from '#ui/styles/card-lists.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { clockTime, count } from '#ui/text/time-text.ts';
import type { StatusParts } from './status-parts.ts';

type Comparing =
  | { readonly type: 'none' }
  | { readonly type: 'running'; readonly done: number; readonly total: number; readonly abort: AbortController }
  | { readonly type: 'done'; readonly at: number; readonly rows: readonly KindComparison[] }
  | { readonly type: 'failed'; readonly error: Exclude<CompareError, { readonly type: 'Cancelled' }> };

/** How much of each kind is here, and, when asked, on the server: every entity is compared by its version. */
@customElement('compare-card')
export class CompareCard extends LitElement {
  static override styles = [
    sectionStyles,
    tableStyles,
    css`
      .scroll {
        overflow-x: auto;
      }

      table {
        inline-size: 100%;
      }

      thead th {
        white-space: nowrap;
      }

      th:last-child,
      td:last-child {
        text-align: start;
      }

      td:last-child {
        padding-inline-end: 0;
      }

      tr.differs th,
      tr.differs td {
        background: var(--warn-surface);
      }

      progress {
        flex: 1 1 12rem;
      }

      @container (max-width: 45rem) {
        th,
        td {
          padding-inline-end: var(--space-2);
          font-size: var(--text-s);
        }

        thead th {
          vertical-align: bottom;
          white-space: normal;
        }
      }
    `,
  ];

  @property({ attribute: false }) parts!: StatusParts;
  @state() private comparing: Comparing = { type: 'none' };
  private hasCompared = false;
  private stopWaiting: (() => void) | undefined;
  private readonly counts = liveList(
    this,
    () => this.parts?.app,
    () => this.parts.status.countKinds(),
  );

  /** By itself as soon as the server has answered: whoever looks here wants to know. */
  override firstUpdated(): void {
    this.stopWaiting = this.parts.app.syncState.subscribe(({ type }) => {
      if (type !== 'synced' || this.hasCompared) return;
      this.hasCompared = true;
      void this.compare();
    });
  }

  override disconnectedCallback(): void {
    this.stopWaiting?.();
    if (this.comparing.type === 'running') this.comparing.abort.abort();
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="title">
      <h3 id="title">What is here, and what is on the server</h3>
      ${loadContent(this.counts, 'Counting', (counts) => this.table(counts))}
      ${this.state()}
    </section>`;
  }

  private table(counts: readonly KindCount[]): TemplateResult {
    const compared = joined(this.comparing.type === 'done' ? this.comparing.rows : [], joinComparisons);
    const here = joined(counts, joinCounts);
    const kinds = orderKinds([...here.map(({ kind }) => kind), ...compared.map(({ kind }) => kind)]);
    if (kinds.length === 0) return html`<p class="hint">Nothing yet. What you write is counted here by its kind.</p>`;
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Counts by kind">
      <table>
        <thead><tr><th scope="col">Kind</th><th scope="col">Here</th><th scope="col">In the bin</th><th scope="col">On the server</th><th scope="col">Compared</th></tr></thead>
        <tbody>${kinds.map((kind) =>
          this.row(
            kind,
            here.find((row) => row.kind === kind),
            compared.find((row) => row.kind === kind),
          ),
        )}</tbody>
      </table>
    </div>`;
  }

  private row(kind: string, here: KindCount | undefined, compared: KindComparison | undefined): TemplateResult {
    const isPrivate = ledger.get(kind)?.scope === 'private';
    const differs = (compared?.differing ?? 0) > 0;
    const there = isPrivate ? 'stays here' : (compared?.there.toLocaleString() ?? (this.comparing.type === 'done' ? '0' : '–'));
    return html`<tr class=${differs ? 'differs' : ''}>
      <th scope="row">${kind === OF_DEVICES ? 'Tabs, drafts and settings of devices' : kindPlural(kind)}</th>
      <td>${((here?.live ?? 0) + (here?.binned ?? 0)).toLocaleString()}</td>
      <td>${(here?.binned ?? 0).toLocaleString()}</td>
      <td>${there}</td>
      <td>${isPrivate ? '' : compared ? verdict(compared) : this.comparing.type === 'done' ? 'the same' : ''}</td>
    </tr>`;
  }

  private state(): TemplateResult {
    const { comparing } = this;
    const button = (word: string): TemplateResult => html`<button @click=${this.compare}>${icon('git-compare')}${word}</button>`;
    switch (comparing.type) {
      case 'none':
        return html`<div class="row">${button('Compare with the server')}</div>`;
      case 'running':
        return html`<div class="row">
          <progress aria-label="Comparing with the server" max=${Math.max(comparing.total, 1)} .value=${comparing.done}></progress>
          <button @click=${() => comparing.abort.abort()}>Cancel</button>
        </div>`;
      case 'failed':
        return html`${errorProblem(comparing.error)}<div class="row">${button('Compare again')}</div>`;
      case 'done': {
        const sum = (of: (row: KindComparison) => number): number => comparing.rows.reduce((total, row) => total + of(row), 0);
        const differing = sum((row) => row.differing);
        const moving = sum((row) => row.waiting + row.coming);
        return html`
          <p role="status">${
            differing > 0
              ? html`<strong class="warn">${count(differing, 'entry differs', 'entries differ')}.</strong> Sync, then compare again. If they stay, export a copy and tell whoever runs the server.`
              : moving > 0
                ? html`Nothing differs but what is on its way: ${count(moving, 'change')}.`
                : html`<strong class="good">Every entry is the same here and on the server.</strong>`
          } <span class="small">Compared ${clockTime(comparing.at, Date.now())}.</span></p>
          <div class="row">${button('Compare again')}</div>
        `;
      }
    }
  }

  private readonly compare = async (): Promise<void> => {
    const abort = new AbortController();
    this.comparing = { type: 'running', done: 0, total: 0, abort };
    const result = await this.parts.status.compare({
      signal: abort.signal,
      onProgress: (done, total) => {
        if (this.comparing.type === 'running') this.comparing = { ...this.comparing, done, total };
      },
    });
    if (result.ok) this.comparing = { type: 'done', at: Date.now(), rows: result.value };
    else if (result.error.type === 'Cancelled') this.comparing = { type: 'none' };
    else this.comparing = { type: 'failed', error: result.error };
  };
}

/** In one row: what the app keeps for each device, which nobody has written. */
const OF_DEVICES = 'of-devices';

/** The rows by kind, those of devices as one. */
function joined<R extends { readonly kind: string }>(rows: readonly R[], join: (one: R, other: R) => R): readonly R[] {
  const byKind = new Map<string, R>();
  for (const row of rows) {
    const kind = ledger.get(row.kind)?.scope === 'device' ? OF_DEVICES : row.kind;
    const known = byKind.get(kind);
    byKind.set(kind, { ...(known ? join(known, row) : row), kind });
  }
  return [...byKind.values()];
}

const joinCounts = (one: KindCount, { live, binned }: KindCount): KindCount => ({
  ...one,
  live: one.live + live,
  binned: one.binned + binned,
});

const joinComparisons = (one: KindComparison, other: KindComparison): KindComparison => ({
  ...one,
  here: one.here + other.here,
  there: one.there + other.there,
  waiting: one.waiting + other.waiting,
  coming: one.coming + other.coming,
  differing: one.differing + other.differing,
  examples: [...one.examples, ...other.examples],
});

function verdict({ waiting, coming, differing }: KindComparison): string {
  const parts = [
    differing > 0 && count(differing, 'differs', 'differ'),
    waiting > 0 && count(waiting, 'waits to be sent', 'wait to be sent'),
    coming > 0 && `${coming} to be fetched`,
  ].filter(Boolean);
  return parts.length === 0 ? 'the same' : parts.join(', ');
}

/** As the ledger lists them; what it does not know comes last. */
function orderKinds(kinds: readonly string[]): readonly string[] {
  const known = [...ledger.keys()];
  const rank = (kind: string): number => (known.includes(kind) ? known.indexOf(kind) : known.length);
  return [...new Set(kinds)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
