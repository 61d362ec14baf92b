import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { BackupInfo } from '#core/backups.ts';
import type { KeyPair } from '#core/entity-key.ts';
import type { RestoreChoice, RestorePlan } from '#core/restores.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { failureNotice } from '#ui/parts/failure-notice.ts';
import { icon } from '#ui/parts/icon.ts';
import { longCall, shownCall } from '#ui/parts/long-call.ts';
import { formStyles } from '#ui/styles/form.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { amountText, count, fullTime } from '#ui/text/time-text.ts';
import { damageList, lackLine } from './damage-list.ts';
import { kindTable, kindTableStyles } from './kind-table.ts';
import type { EntityWay } from './restore-entries.ts';
import { keyChoice } from './restore-keys.ts';
import './restore-entries.ts';
import { broughtText } from './place-text.ts';
import { choices, takenBackText, withWay } from './restore-ways.ts';

/** So many are shown at first, and so many more each time. */
const SHOWN = 50;
/** A person who types words has come to a pause. */
const PAUSE_MS = 300;

type Decision = Partial<Pick<RestoreChoice, 'kinds' | 'entities' | 'only'>> & {
  readonly chosen?: string;
  readonly withKeys?: boolean;
};

/** What a restore from a backup would do. Nothing is written before the person says so. */
@customElement('restore-preview')
export class RestorePreview extends AppPart {
  static override styles = [sectionStyles, formStyles, kindTableStyles];

  @property() backup = '';
  @state() private info: BackupInfo | null = null;
  @state() private chosen = 'merge';
  @state() private kinds: NonNullable<RestoreChoice['kinds']> = {};
  @state() private entities: NonNullable<RestoreChoice['entities']> = {};
  @state() private only: KeyPair | null = null;
  @state() private plan: RestorePlan | null = null;
  /** Whether API keys that came with it are restored; null: where none is here. */
  @state() private withKeys: boolean | null = null;
  private words = '';
  private most = SHOWN;
  /** How often it was compared: only the last answer is shown. */
  private asked = 0;
  private typing: ReturnType<typeof setTimeout> | undefined;
  private readonly planning = shownCall(this);
  private readonly call = longCall(this);

  override disconnectedCallback(): void {
    clearTimeout(this.typing);
    super.disconnectedCallback();
  }

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has('backup')) return;
    void this.look();
    void this.compare();
  }

  override render(): TemplateResult {
    const { info } = this;
    return html`
      <section class="card" aria-labelledby="what">
        <h2 id="what">What a restore would do</h2>
        ${info ? html`<p>The backup is of ${fullTime(info.madeAt)}${info.device.name === '' ? nothing : html`, made on <bdi>${info.device.name}</bdi>`}${info.from ? html`, ${broughtText(info.from)}` : nothing}.</p>` : nothing}
        <p>${this.call.outcome.type === 'done' ? nothing : 'Nothing is written yet. '}A restore removes nothing: what is not in the backup stays. A backup of everything as it is now is made first, and a restore can be undone.</p>
        ${this.only ? this.alone() : nothing}
        <fieldset ?disabled=${this.call.isWorking}>
          <legend>Where the backup and what is here differ</legend>
          ${choices.map(
            ({ id, label, hint }) => html`<div class="option">
              <label class="choice"><input type="radio" name="way" .checked=${id === this.chosen} aria-describedby=${id} @change=${() => this.decide({ chosen: id })} />${label}</label>
              <p class="hint" id=${id}>${hint}</p>
            </div>`,
          )}
        </fieldset>
        ${this.plan ? this.content(this.plan) : this.call.render()} ${this.planning.render()}
        ${this.plan || this.planning.isWorking ? nothing : html`<div class="row"><button @click=${() => void this.compare()}>Compare again</button></div>`}
      </section>
    `;
  }

  private alone(): TemplateResult {
    return html`<div class="row">
      <p>One entry alone, with what belongs to it.</p>
      <button @click=${() => this.decide({ only: null })}>Everything again</button>
    </div>`;
  }

  private content(plan: RestorePlan): TemplateResult {
    const writes = this.writes(plan);
    const isDone = this.call.outcome.type === 'done';
    const isBusy = this.call.isWorking || this.planning.isWorking;
    return html`
      ${kindTable(plan.counts, this.kinds, (kinds) => this.decide({ kinds }))}
      ${keyChoice(plan.keys, this.only ? null : this.wantsKeys, (withKeys) => this.decide({ withKeys }))}
      ${this.info ? lackLine(this.info) : nothing}
      ${damageList({ damaged: plan.damaged, records: this.info?.records ?? Infinity }, 'What is here of these stays as it is. They may be whole in another backup.')}
      <div class="row">
        <button class="primary" ?disabled=${writes === 0 || isDone || isBusy} @click=${() => void this.restore(plan)}>
          ${icon('rotate-ccw')}${restoreLabel(plan, writes)}
        </button>
        ${isDone ? html`<a class="button" href="/backups">To the backups</a>` : this.call.isWorking ? nothing : html`<button @click=${() => void this.leave()}>Cancel</button>`}
      </div>
      ${this.call.render()} ${this.list(plan)}
    `;
  }

  private list({ entities, found }: RestorePlan): TemplateResult {
    return html`
      <label class="row"><span>Find</span><input type="search" .value=${this.words} @input=${this.find} /></label>
      ${found === 0 ? html`<p>${this.words === '' ? 'Everything is the same as here.' : 'Nothing with these words.'}</p>` : nothing}
      <restore-entries .entities=${entities} .ways=${this.entities} ?alone=${this.only !== null}
        @way=${({ detail: { key, way } }: CustomEvent<EntityWay>) => this.decide({ entities: withWay(this.entities, key, way) })}
        @alone=${({ detail }: CustomEvent<KeyPair>) => this.decide({ only: detail })}></restore-entries>
      ${
        found > entities.length
          ? html`<button @click=${() => {
              this.most += SHOWN * 4;
              void this.compare();
            }}>Show more of ${amountText(found)}</button>`
          : nothing
      }
    `;
  }

  private readonly find = (event: Event): void => {
    this.words = (event.target as HTMLInputElement).value;
    this.most = SHOWN;
    clearTimeout(this.typing);
    this.typing = setTimeout(() => void this.compare(), PAUSE_MS);
  };

  private decide(next: Decision): void {
    // What is being written was agreed to.
    if (this.call.isWorking) return;
    this.chosen = next.chosen ?? this.chosen;
    this.kinds = next.kinds ?? this.kinds;
    this.entities = next.entities ?? this.entities;
    this.only = next.only === undefined ? this.only : next.only;
    this.withKeys = next.withKeys ?? this.withKeys;
    this.call.clear();
    void this.compare();
  }

  private get choice(): RestoreChoice {
    const { choice } = choices.find(({ id }) => id === this.chosen) ?? {};
    const { kinds, entities, only } = this;
    return {
      way: 'merge',
      skipNewer: false,
      ...choice,
      kinds,
      entities,
      only,
      secrets: this.wantsKeys,
      acceptDamage: isDamaged(this.plan),
    };
  }

  private get wantsKeys(): boolean {
    return this.withKeys ?? this.plan?.keys.every(({ type }) => type === 'added') ?? false;
  }

  /** How many entries it writes, API keys among them. */
  private writes(plan: RestorePlan): number {
    const keys = this.wantsKeys && !this.only ? plan.keys.filter(({ type }) => type !== 'same') : [];
    return writesOf(plan) + keys.length;
  }

  private async look(): Promise<void> {
    const list = await this.app.backups.backups();
    if (list.ok) this.info = list.value.backups.find(({ id }) => id === this.backup) ?? null;
  }

  /** The newest question counts: an earlier one is ended. */
  private async compare(): Promise<void> {
    const query = { words: this.words, limit: this.most };
    const asked = ++this.asked;
    const planned = await this.planning.run(
      'Comparing the backup with what is here…',
      (watch) => this.app.backups.planRestore(this.backup, this.choice, query, watch),
      { done: () => null, stopped: 'Stopped. Nothing was compared.' },
    );
    if (planned.ok && asked === this.asked) this.plan = planned.value;
  }

  private readonly restore = async (plan: RestorePlan): Promise<void> => {
    const agreed = await this.shell.ask({
      title: `Restore ${count(this.writes(plan), 'entry', 'entries')}?`,
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
    this.shell.notify({ text: 'Restored', undo: () => void this.takeBack(id), isLong: true });
    await this.compare();
  };

  private async takeBack(id: string): Promise<void> {
    const { shell } = this;
    const undone = await this.app.backups.undoRestore(id);
    shell.notify(undone.ok ? { text: takenBackText(undone.value) } : failureNotice('Not taken back', undone.error));
    if (!this.isConnected) return;
    this.call.clear();
    await this.compare();
  }

  /** A file that was only looked at leaves nothing. */
  private async leave(): Promise<void> {
    const { info } = this;
    this.planning.clear();
    this.shell.navigate('/backups');
    if (!info?.from) return;
    const restores = await this.app.backups.restores();
    if (restores.ok && restores.value.every(({ backup }) => backup !== info.id)) await this.app.backups.removeBackup(info.id);
  }
}

const isDamaged = (plan: RestorePlan | null): boolean => plan !== null && plan.damaged.length > 0;

const restoreLabel = (plan: RestorePlan, writes: number): string => {
  if (writes === 0) return 'Nothing to restore';
  return isDamaged(plan)
    ? `Restore the rest: ${count(writes, 'entry', 'entries')}`
    : `Restore ${count(writes, 'entry', 'entries')}`;
};

const writesOf = ({ counts }: RestorePlan): number =>
  Object.values(counts).reduce((sum, { added, copied, revived, changed }) => sum + added + copied + revived + changed, 0);
