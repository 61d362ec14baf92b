import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { RestoreInfo } from '#core/backups.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { errorProblem, type Outcome, outcomeMessage } from '#ui/parts/messages.ts';
import { rowListStyles } from '#ui/styles/card-lists.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { count, fullTime } from '#ui/text/time-text.ts';
import { followBackups } from './follow-backups.ts';

/** Restores that were begun here: what can be gone on with, and what can be taken back. Nothing where there was none. */
@customElement('restore-list')
export class RestoreList extends AppPart {
  static override styles = [sectionStyles, rowListStyles];

  private readonly list = followBackups(
    this,
    () => this.app,
    (backups) => backups.restores(),
  );
  @state() private outcome: Outcome = { type: 'idle' };

  override render(): TemplateResult | typeof nothing {
    const { state: list } = this.list;
    if (list.type === 'failed') return errorProblem(list.error);
    if (list.type !== 'ready' || list.value.length === 0) return nothing;
    return html`<section class="card" aria-labelledby="restores">
      <h2 id="restores">Restores</h2>
      <ul aria-label="Restores">${list.value.map((restore) => this.row(restore))}</ul>
      ${outcomeMessage(this.outcome, errorProblem)}
    </section>`;
  }

  private row(restore: RestoreInfo): TemplateResult {
    const { id, startedAt, madeAt } = restore;
    const working = this.outcome.type === 'working';
    return html`<li>
      ${icon('rotate-ccw')}
      <div>
        <strong>${fullTime(startedAt)}</strong>
        <p class="hint">From the backup of ${fullTime(madeAt)}. ${stateText(restore)}</p>
      </div>
      ${restore.state === 'applying' ? html`<button class="primary" ?disabled=${working} @click=${() => void this.goOn(id)}>Go on</button>` : nothing}
      ${restore.state === 'undone' ? nothing : html`<button ?disabled=${working} @click=${() => void this.undo(id)}>${icon('undo-2')}${restore.state === 'undoing' ? 'Go on taking it back' : 'Undo this restore'}</button>`}
    </li>`;
  }

  private readonly goOn = (id: string): Promise<void> =>
    this.run(
      'Restoring…',
      this.app.backups.resumeRestore(id),
      ({ changed }) => `Restored: ${count(changed, 'entry', 'entries')} changed.`,
    );

  private readonly undo = (id: string): Promise<void> =>
    this.run('Taking it back…', this.app.backups.undoRestore(id), ({ keptEdited }) =>
      keptEdited === 0
        ? 'Everything is as it was before the restore.'
        : `Taken back. ${count(keptEdited, 'entry', 'entries')} that you have edited since stayed.`,
    );

  private async run(
    text: string,
    work: ReturnType<AppPart['app']['backups']['undoRestore']>,
    done: (restore: RestoreInfo) => string,
  ): Promise<void> {
    this.outcome = { type: 'working', text };
    const result = await work;
    this.outcome = result.ok ? { type: 'done', text: done(result.value) } : { type: 'failed', error: result.error };
  }
}

function stateText({ state, changed, keptEdited }: RestoreInfo): string {
  const entries = count(changed, 'entry', 'entries');
  switch (state) {
    case 'applying':
      return `It was interrupted: ${entries} changed so far. Go on with it, or take it back.`;
    case 'applied':
      return `${entries} changed.`;
    case 'undoing':
      return 'Taking it back was interrupted.';
    case 'undone':
      return keptEdited === 0 ? 'Taken back.' : `Taken back; ${count(keptEdited, 'entry', 'entries')} edited since stayed.`;
  }
}
