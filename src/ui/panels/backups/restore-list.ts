import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { RestoreInfo } from '#core/restores.ts';
import { ok } from '#core/result.ts';
import { observe } from '#ui/controllers/observer.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { longCall, progressBar } from '#ui/parts/long-call.ts';
import { errorProblem } from '#ui/parts/messages.ts';
import { rowListStyles } from '#ui/styles/card-lists.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { count, fullTime } from '#ui/text/time-text.ts';
import { followBackups } from './follow-backups.ts';
import { takenBackText } from './restore-ways.ts';

/** Restores that were begun here: what can be gone on with, and what can be taken back. Nothing where there was none. */
@customElement('restore-list')
export class RestoreList extends AppPart {
  static override styles = [sectionStyles, rowListStyles];

  private readonly list = followBackups(
    this,
    () => this.app,
    async (backups) => {
      const [restores, isRestoring] = await Promise.all([backups.restores(), backups.isRestoring()]);
      return restores.ok ? ok({ restores: restores.value, isRestoring }) : restores;
    },
  );
  private readonly running = observe(this, () => this.app?.backups.running);
  private readonly call = longCall(this);

  override render(): TemplateResult | typeof nothing {
    const { state: list } = this.list;
    const running = this.running.value;
    if (list.type === 'failed') return errorProblem(list.error);
    if (list.type !== 'ready' || list.value.restores.length === 0) return nothing;
    return html`<section class="card" aria-labelledby="restores">
      <h2 id="restores">Restores</h2>
      <ul aria-label="Restores">${list.value.restores.map((restore) => this.row(restore, running != null || list.value.isRestoring))}</ul>
      ${running ? progressBar(running.progress?.phase === 'undoing' ? 'Taking it back…' : 'Restoring…', running.progress, running.isStopping, running.stop) : this.call.render()}
    </section>`;
  }

  /** `working`: one of them goes on, here or in another tab. */
  private row(restore: RestoreInfo, working: boolean): TemplateResult {
    const { id, startedAt, madeAt } = restore;
    return html`<li>
      ${icon('rotate-ccw')}
      <div>
        <strong>${fullTime(startedAt)}</strong>
        <p class="hint">From the backup of ${fullTime(madeAt)}. ${working && (restore.state === 'applying' || restore.state === 'undoing') ? 'It goes on.' : stateText(restore)}</p>
      </div>
      ${restore.state === 'applying' && !working ? html`<button class="primary" @click=${() => void this.goOn(id)}>Go on</button>` : nothing}
      ${restore.state === 'undone' ? nothing : html`<button ?disabled=${working} @click=${() => void this.undo(id)}>${icon('undo-2')}${restore.state === 'undoing' ? 'Go on taking it back' : 'Undo this restore'}</button>`}
    </li>`;
  }

  private readonly goOn = async (id: string): Promise<void> => {
    await this.call.run('Restoring…', (watch) => this.app.backups.resumeRestore(id, watch), {
      done: ({ changed }) => `Restored: ${count(changed, 'entry', 'entries')} changed.`,
      stopped: 'Stopped. Go on with it, or take it back.',
    });
  };

  private readonly undo = async (id: string): Promise<void> => {
    await this.call.run('Taking it back…', (watch) => this.app.backups.undoRestore(id, watch), {
      done: takenBackText,
      stopped: 'Stopped in the middle. Go on taking it back.',
    });
  };
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
