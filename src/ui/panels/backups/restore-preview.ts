import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { PlanCounts, PlannedEntity, RestoreChoice, RestorePlan } from '#core/backups.ts';
import type { Result } from '#core/result.ts';
import { kindPlural } from '#entities/kind-names.ts';
import { createLoader } from '#ui/controllers/loaded.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { loadContent } from '#ui/parts/load-state.ts';
import { longCall } from '#ui/parts/long-call.ts';
import { tableStyles } from '#ui/styles/card-lists.ts';
import { formStyles } from '#ui/styles/form.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import type { UiError } from '#ui/text/error-text.ts';
import { amountText, count } from '#ui/text/time-text.ts';

const columns: readonly (readonly [name: keyof PlanCounts, label: string])[] = [
  ['added', 'Added'],
  ['revived', 'Back from deletion'],
  ['changed', 'Changed'],
  ['newerHere', 'Newer here, stay'],
  ['same', 'The same'],
  ['leftOut', 'Left out'],
];

const types: { readonly [T in PlannedEntity['type']]: string } = {
  added: 'is added',
  revived: 'comes back',
  changed: 'is changed',
  'newer-here': 'stays: it is newer here',
};

const choices: readonly (readonly [id: string, label: string, hint: string, choice: Omit<RestoreChoice, 'only'>])[] = [
  ['merge', 'Merge', 'Of each part the newer words win. What was deleted comes back.', { way: 'merge', skipNewer: false }],
  [
    'skip',
    'Only what is missing or older here',
    'Whatever was edited or deleted after the backup stays as it is.',
    { way: 'merge', skipNewer: true },
  ],
  [
    'overwrite',
    'As it was then',
    'Where they differ the backup wins. What is not in it stays.',
    { way: 'overwrite', skipNewer: false },
  ],
];

/** So many are shown at first. */
const SHOWN = 50;

/** What a restore from a backup would do. Nothing is written before the person says so. */
@customElement('restore-preview')
export class RestorePreview extends AppPart {
  static override styles = [
    sectionStyles,
    formStyles,
    tableStyles,
    css`
      .scroller {
        overflow-x: auto;
      }

      th,
      td {
        white-space: nowrap;
      }

      details p {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-1);
        overflow-wrap: anywhere;
      }

      del {
        background: var(--removed);
      }

      ins {
        background: var(--added);
        text-decoration: none;
      }
    `,
  ];

  @property() backup = '';
  @state() private chosen = 'merge';
  @state() private filter = '';
  @state() private most = SHOWN;
  private readonly call = longCall(this);
  private readonly plan = createLoader<RestorePlan, UiError>(
    this,
    (): Promise<Result<RestorePlan, UiError>> => this.app.backups.planRestore(this.backup, this.choice),
  );

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('backup')) this.plan.again();
  }

  override render(): TemplateResult {
    return html`
      <section class="card" aria-labelledby="what">
        <h2 id="what">What a restore would do</h2>
        <p>Nothing is written yet. A backup of everything as it is now is made first, and a restore can be undone.</p>
        <fieldset>
          <legend>Where the backup and what is here differ</legend>
          ${choices.map(
            ([id, label, hint]) => html`<div class="option">
              <label class="choice"><input type="radio" name="way" .checked=${id === this.chosen} aria-describedby=${id} @change=${() => this.choose(id)} />${label}</label>
              <p class="hint" id=${id}>${hint}</p>
            </div>`,
          )}
        </fieldset>
        ${loadContent(this.plan, 'Comparing the backup with what is here', (plan) => this.content(plan))}
        ${this.call.render()}
      </section>
    `;
  }

  private content(plan: RestorePlan): TemplateResult {
    const writes = writesOf(plan);
    const shown = columns.filter(([name]) => Object.values(plan.counts).some((counts) => counts[name] > 0));
    const isDone = this.call.outcome.type === 'done';
    return html`
      <div class="scroller">
        <table>
          <thead><tr><th scope="col">Kind</th>${shown.map(([, label]) => html`<th scope="col">${label}</th>`)}</tr></thead>
          <tbody>
            ${Object.entries(plan.counts).map(
              ([kind, counts]) =>
                html`<tr><th scope="row">${kindPlural(kind)}</th>${shown.map(([name]) => html`<td>${counts[name] === 0 ? '–' : amountText(counts[name])}</td>`)}</tr>`,
            )}
          </tbody>
        </table>
      </div>
      <div class="row">
        <button class="primary" ?disabled=${writes === 0 || isDone || this.call.isWorking} @click=${() => void this.restore(plan)}>
          ${icon('rotate-ccw')}${writes === 0 ? 'Nothing to restore' : `Restore ${count(writes, 'entry', 'entries')}`}
        </button>
        <a class="button" href="/backups">${isDone ? 'To the backups' : 'Cancel'}</a>
      </div>
      ${plan.entities.length === 0 ? nothing : this.entities(plan)}
    `;
  }

  private entities({ entities, total }: RestorePlan): TemplateResult {
    const words = this.filter.toLocaleLowerCase();
    const found = words === '' ? entities : entities.filter(({ title }) => title.toLocaleLowerCase().includes(words));
    return html`
      <label class="row"><span>Find</span><input type="search" @input=${(event: Event) => {
        this.filter = (event.target as HTMLInputElement).value;
        this.most = SHOWN;
      }} /></label>
      <ul class="stack" aria-label="Entries">
        ${found.slice(0, this.most).map((entity) => html`<li>${planned(entity)}</li>`)}
      </ul>
      ${found.length === 0 ? html`<p>Nothing with these words.</p>` : nothing}
      ${
        found.length > this.most
          ? html`<button @click=${() => {
              this.most += SHOWN * 4;
            }}>Show more of ${amountText(found.length)}</button>`
          : nothing
      }
      ${total > entities.length ? html`<p class="small">${amountText(total - entities.length)} more are counted above and not listed.</p>` : nothing}
    `;
  }

  private choose(id: string): void {
    this.chosen = id;
    this.call.clear();
    this.plan.again();
  }

  private get choice(): RestoreChoice {
    const [, , , choice] = choices.find(([id]) => id === this.chosen) ?? choices[0] ?? [];
    return { way: 'merge', skipNewer: false, ...choice, only: null };
  }

  private readonly restore = async (plan: RestorePlan): Promise<void> => {
    const agreed = await this.shell.ask({
      title: `Restore ${count(writesOf(plan), 'entry', 'entries')}?`,
      text: 'A backup of everything as it is now is made first. Your other devices get the changes with the next sync.',
      confirm: 'Restore',
    });
    if (!agreed) return;
    const restored = await this.call.run(
      'Restoring…',
      (watch) => this.app.backups.restoreBackup(this.backup, this.choice, watch),
      {
        done: ({ changed }) => `Restored: ${count(changed, 'entry', 'entries')} changed. It can be undone under Backups.`,
        stopped: 'Stopped. What was begun is under Backups: go on with it, or take it back.',
      },
    );
    if (!restored.ok) return;
    const { id } = restored.value;
    this.shell.notify({ text: 'Restored', undo: () => void this.app.backups.undoRestore(id), isLong: true });
    await this.plan.reload();
  };
}

const writesOf = ({ counts }: RestorePlan): number =>
  Object.values(counts).reduce((sum, { added, revived, changed }) => sum + added + revived + changed, 0);

function planned({ title, type, changes }: PlannedEntity): TemplateResult {
  const line = html`<strong dir="auto">${title}</strong> ${types[type]}`;
  if (changes.length === 0) return html`<p>${line}</p>`;
  return html`<details>
    <summary>${line}: ${changes.map(({ field }) => field).join(', ')}</summary>
    ${changes.map(
      ({ field, before, after }) =>
        html`<p><span class="small">${field}</span>${before === '' ? nothing : html`<del dir="auto">${before}</del>`}${after === '' ? nothing : html`<ins dir="auto">${after}</ins>`}</p>`,
    )}
  </details>`;
}
