import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App, StoreSummary, SyncState } from '#app/app.ts';
import { ok } from '#core/result.ts';
import { minuteClock } from '#ui/controllers/minute.ts';
import { observe } from '#ui/controllers/observer.ts';
import { panelOf } from '#ui/panels/index.ts';
import { icon } from '#ui/parts/icon.ts';
import { sectionStyles, toneStyles } from '#ui/styles/section.ts';
import { byteText } from '#ui/text/byte-text.ts';
import { journalAdvice } from '#ui/text/journal-text.ts';
import { clockTime, count, duration, fullTime } from '#ui/text/time-text.ts';
import '#ui/documents/storage-advice.ts';
import './compare-card.ts';
import './files-card.ts';
import { liveList } from '#ui/controllers/live-list.ts';
import { recentErrors } from './event-text.ts';
import { type SafeSentence, safeSentence } from './safe-sentence.ts';
import type { StatusParts } from './status-parts.ts';

const tones = { good: 'check', plain: 'info', warn: 'circle-alert', bad: 'circle-alert' } as const;

/** Whether it is safe to close, and the figures behind that. */
@customElement('overview-section')
export class OverviewSection extends LitElement {
  static override styles = [
    sectionStyles,
    toneStyles,
    css`
      .sentence {
        grid-template-columns: auto minmax(0, 1fr);
        align-items: start;
        gap: var(--space-2) var(--space-3);
      }

      .sentence > .icon {
        inline-size: 1.5rem;
        block-size: 1.5rem;
        margin-block-start: 0.1rem;
      }

      .sentence .row {
        grid-column: 2;
      }

      .figures {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(13rem, 100%), 1fr));
        gap: var(--space-4) var(--space-5);
      }

      dt {
        color: var(--ink-3);
        font-size: var(--text-s);
      }

      dd {
        font-weight: 500;
        font-variant-numeric: tabular-nums;
        overflow-wrap: anywhere;
      }

      dd .small {
        display: block;
        font-weight: 400;
      }

      meter {
        inline-size: 100%;
        block-size: 0.75rem;
      }
    `,
  ];

  @property({ attribute: false }) parts!: StatusParts;
  @state() private syncing = false;
  private readonly save = observe(this, () => this.parts?.app.saveState);
  private readonly sync = observe(this, () => this.parts?.app.syncState);
  private readonly summary = observe(this, () => this.parts?.app.summary);
  private readonly durability = observe(this, () => this.parts?.app.durability);
  private readonly journal = observe(this, () => this.parts?.app.journal);
  private readonly clock = minuteClock(this);
  private readonly events = liveList(
    this,
    () => this.parts?.app,
    () => this.parts.status.events(),
  );
  private readonly storage = liveList(
    this,
    () => this.parts?.app,
    async () => ok(await this.parts.status.storage()),
  );

  /** The line on backups is the panel's. */
  override firstUpdated(): void {
    void panelOf('backups')?.load();
  }

  override render(): TemplateResult {
    const summary = this.summary.value ?? null;
    const durability = this.durability.value ?? 'best-effort';
    const sentence = safeSentence({
      save: this.save.value ?? { type: 'clean' },
      sync: this.syncState,
      summary,
      durability,
      now: this.clock.now,
    });
    return html`
      <h2 class="visually-hidden">Overview</h2>
      ${this.sentence(sentence)}
      ${this.journalLine()}
      <storage-advice keep></storage-advice>
      <section class="card" aria-labelledby="figures">
        <h3 id="figures">Saving and syncing</h3>
        <dl class="figures">${this.figures(summary)}</dl>
      </section>
      <files-card .parts=${this.parts}></files-card>
      <backup-line></backup-line>
      ${this.recent()}
      <compare-card .parts=${this.parts}></compare-card>
      <section class="card" aria-labelledby="storage">
        <h3 id="storage">Storage on this device</h3>
        ${this.used(summary, durability)}
        <div class="row"><a class="button" href="/settings/storage">${icon('hard-drive')}Storage settings</a>
          <a class="button" href="/settings/account">${icon('monitor')}Devices</a></div>
      </section>
    `;
  }

  private get syncState(): SyncState {
    return this.sync.value ?? { type: 'unasked' };
  }

  private sentence({ tone, title, text }: SafeSentence): TemplateResult {
    return html`<section class="card toned sentence ${tone}" aria-label="Is it safe to close?">
      ${icon(tones[tone])}
      <div><h3>${title}</h3>${text === '' ? nothing : html`<p>${text}</p>`}</div>
      <div class="row">
        <button class="primary" ?disabled=${this.syncing} @click=${this.syncNow}>${icon('refresh-cw')}Sync now</button>
        ${this.syncState.type === 'signed-out' ? html`<a class="button" href="/settings/account">Sign in</a>` : nothing}
        ${this.syncState.type === 'account-deleted' ? html`<a class="button" href="/settings/account">Account</a>` : nothing}
      </div>
    </section>`;
  }

  private journalLine(): TemplateResult | typeof nothing {
    const state = this.journal.value;
    if (state?.type !== 'closed') return nothing;
    return html`<section class="card toned warn" aria-label="Last words before closing"><p>${journalAdvice(state.error)}</p></section>`;
  }

  private figures(summary: StoreSummary | null): TemplateResult | readonly TemplateResult[] {
    if (!summary) return html`<span class="bone long" aria-hidden="true"></span>`;
    const {
      pending,
      changes,
      awaitingPerson,
      quarantined,
      damaged,
      withheld,
      files,
      openConflicts,
      oldestPendingAt,
      lastSavedAt,
      lastSyncedAt,
      lastPushedAt,
    } = summary;
    const now = this.clock.now;
    const figure = (name: string, value: unknown, more: unknown = nothing): TemplateResult =>
      html`<div><dt>${name}</dt><dd>${value}${more === nothing ? nothing : html`<span class="small">${more}</span>`}</dd></div>`;
    const at = (time: number | null, never: string): unknown =>
      time === null
        ? never
        : html`<time datetime=${new Date(time).toISOString()} title=${fullTime(time)}>${clockTime(time, now)}</time>`;
    return [
      figure(
        'Waiting for the server',
        changes === 0 ? 'Nothing' : count(changes, 'change'),
        [
          changes > 0 && oldestPendingAt !== null && `the oldest for ${duration(now - oldestPendingAt)}`,
          awaitingPerson > 0 && `${awaitingPerson === pending ? 'all' : awaitingPerson} refused by it`,
        ]
          .filter(Boolean)
          .join(', ') || nothing,
      ),
      figure('Last saved here', at(lastSavedAt, 'Nothing yet')),
      figure(
        'Last sync',
        at(lastSyncedAt, 'Not yet'),
        files.waiting === 0 ? 'everything sent and fetched' : 'all words sent and fetched, files are still to be sent',
      ),
      figure('Last sent', at(lastPushedAt, 'Nothing yet'), 'a change of this device taken by the server'),
      figure('Server', ...this.server(summary)),
      figure(
        'Refused by the server',
        quarantined === 0 ? 'Nothing' : html`<a href="/status/quarantine">${count(quarantined, 'entry', 'entries')}</a>`,
      ),
      figure(
        'To decide',
        openConflicts === 0 ? 'Nothing' : html`<a href="/status/conflicts">${count(openConflicts, 'conflict')}</a>`,
      ),
      ...(damaged === 0
        ? []
        : [
            figure(
              'Damaged on the server or on the way',
              html`<span class="bad">${count(damaged, 'entry', 'entries')}</span>`,
              'not taken over, and asked for again with every sync; open Holdfast on a device that has it whole',
            ),
          ]),
      ...(withheld === 0
        ? []
        : [
            figure(
              'Still to come',
              count(withheld, 'entry', 'entries'),
              'large; the server does not give it now, and is asked again with every sync',
            ),
          ]),
    ];
  }

  /** What is known of the server without asking it: how the last sync ended. */
  private server({ failure, lastSyncedAt }: StoreSummary): readonly [unknown, unknown] {
    const now = this.clock.now;
    if (!navigator.onLine) return ['Not asked', 'this device is offline'];
    if (!failure) return lastSyncedAt === null ? ['Not asked yet', nothing] : ['Answers', nothing];
    const next = failure.retryAt > now ? `, next try ${clockTime(failure.retryAt, now)}` : '';
    const word = failure.reason === 'Network' ? 'Does not answer' : 'Answers, but does not sync';
    return [
      html`<span class="bad">${word}</span>`,
      `${count(failure.attempts, 'try', 'tries')} since ${clockTime(failure.since, now)}${next}`,
    ];
  }

  private recent(): TemplateResult | typeof nothing {
    const { state: events } = this.events;
    const errors = events.type === 'ready' ? recentErrors(events.value, this.clock.now) : [];
    if (errors.length === 0) return nothing;
    return html`<section class="card" aria-labelledby="errors">
      <h3 id="errors">Errors of the last day</h3>
      <ul class="stack" aria-labelledby="errors">
        ${errors.map(
          ({ title, advice, at, times, isOver }) => html`<li>
            <p><strong>${title}</strong>${isOver ? html` <span class="good">(over)</span>` : nothing}</p>
            ${isOver ? nothing : html`<p>${advice}</p>`}
            <p class="small">${times > 1 ? `${times} times, last ` : ''}${clockTime(at, this.clock.now)}</p>
          </li>`,
        )}
      </ul>
      <div class="row"><a href="/status/log">The whole event log</a></div>
    </section>`;
  }

  private used(summary: StoreSummary | null, durability: App['durability']['value']): TemplateResult {
    const estimate = this.storage.state.type === 'ready' ? this.storage.state.value : null;
    const kept = {
      persistent: 'The browser keeps it until you delete it.',
      'best-effort': 'The browser may clear it when the device runs short of space.',
      memory: 'This browser keeps nothing: what is not synced is gone when this tab closes.',
    }[durability];
    return html`
      <p class=${durability === 'memory' ? 'bad' : ''}>${summary ? `Your work takes about ${byteText(summary.bytes)}. ` : ''}${kept}</p>
      ${
        estimate && estimate.quotaBytes > 0
          ? html`<div>
              <meter aria-label="Storage used" max=${estimate.quotaBytes} high=${estimate.quotaBytes * 0.8} .value=${estimate.usedBytes}></meter>
              <p class="small">About ${byteText(estimate.usedBytes)} of ${byteText(estimate.quotaBytes)} used, the app itself included</p>
            </div>`
          : nothing
      }
    `;
  }

  private readonly syncNow = async (): Promise<void> => {
    this.syncing = true;
    try {
      await this.parts.app.retry();
    } finally {
      this.syncing = false;
    }
  };
}
