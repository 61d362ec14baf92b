import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { LostBackups } from '#core/backups.ts';
import { createLoader } from '#ui/controllers/loaded.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { shownCall } from '#ui/parts/long-call.ts';
import { errorProblem, type Outcome, outcomeMessage } from '#ui/parts/messages.ts';
import { rowListStyles } from '#ui/styles/card-lists.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { contentText } from '#ui/text/content-text.ts';
import { count, fullTime } from '#ui/text/time-text.ts';
import { copyRow } from './copy-row.ts';

const TITLE = 'From backups in this browser';

/** Backups in this browser of work that nothing here knows any more, and the way to bring them back. Nothing where there are none. */
@customElement('lost-work')
export class LostWork extends AppPart {
  static override styles = [sectionStyles, rowListStyles];

  /** Of its heading. */
  @property({ attribute: false }) level: 2 | 3 = 3;
  private readonly lost = createLoader(this, () => this.app.backups.lostBackups());
  private readonly call = shownCall(this);
  @state() private outcome: Outcome = { type: 'idle' };

  override firstUpdated(): void {
    void this.lost.reload();
  }

  override render(): TemplateResult | typeof nothing {
    const { state } = this.lost;
    if (state.type === 'failed') return errorProblem(state.error);
    if (state.type !== 'ready') return nothing;
    // What has come of removing the last one is said in its place.
    if (state.value.length === 0) return outcomeMessage(this.outcome, errorProblem);
    return html`<section class="card" aria-labelledby="lost">
      ${this.level === 2 ? html`<h2 id="lost">${TITLE}</h2>` : html`<h3 id="lost">${TITLE}</h3>`}
      <p class="hint">They are still here, although the browser has deleted what they were made of. You see what is in one before anything is written.</p>
      <ul aria-label="Backups in this browser">${state.value.map((one) => this.row(one))}</ul>
      ${this.call.isWorking ? nothing : outcomeMessage(this.outcome, errorProblem)} ${this.call.render()}
      <p class="hint">Backups in this browser go with the browser’s data: if that is cleared, they are gone, too.</p>
    </section>`;
  }

  private row(lost: LostBackups): TemplateResult {
    const { workspaceId, newest, count: backups } = lost;
    return copyRow({
      ...{ newest, backups, disabled: this.call.isWorking },
      bring: () => void this.bring(workspaceId, newest.id),
      ...(!this.call.isWorking && { remove: () => void this.removeAll(lost) }),
    });
  }

  private async removeAll({ workspaceId, newest, count: backups }: LostBackups): Promise<void> {
    const agreed = await this.shell.ask({
      title: `Remove ${backups === 1 ? 'this backup' : `these ${count(backups, 'backup')}`}?`,
      text: `The newest is of ${fullTime(newest.madeAt)}, with ${contentText(newest.counts)}. What it was made of is gone from this browser: unless it is on the server, on another device or in a file, this is the last way back to it.`,
      confirm: 'Remove',
      tone: 'danger',
    });
    if (!agreed) return;
    const removed = await this.app.backups.removeLost(workspaceId);
    this.outcome = removed.ok ? { type: 'done', text: 'Removed.' } : { type: 'failed', error: removed.error };
    await this.lost.reload();
  }

  private async bring(workspaceId: string, id: string): Promise<void> {
    this.outcome = { type: 'idle' };
    const brought = await this.call.run('Reading the backup…', (watch) => this.app.backups.bringLost(workspaceId, id, watch), {
      done: () => null,
      stopped: 'Stopped. Nothing was changed.',
    });
    if (brought.ok && this.isConnected) this.shell.navigate(`/backups/${brought.value.id}`);
  }
}
