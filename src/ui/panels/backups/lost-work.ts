import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { LostBackups } from '#core/backups.ts';
import { createLoader } from '#ui/controllers/loaded.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { shownCall } from '#ui/parts/long-call.ts';
import { errorProblem } from '#ui/parts/messages.ts';
import { rowListStyles } from '#ui/styles/card-lists.ts';
import { sectionStyles } from '#ui/styles/section.ts';
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

  override firstUpdated(): void {
    void this.lost.reload();
  }

  override render(): TemplateResult | typeof nothing {
    const { state } = this.lost;
    if (state.type === 'failed') return errorProblem(state.error);
    if (state.type !== 'ready' || state.value.length === 0) return nothing;
    return html`<section class="card" aria-labelledby="lost">
      ${this.level === 2 ? html`<h2 id="lost">${TITLE}</h2>` : html`<h3 id="lost">${TITLE}</h3>`}
      <p class="hint">They are still here, although the browser has deleted what they were made of. You see what is in one before anything is written.</p>
      <ul aria-label="Backups in this browser">${state.value.map((one) => this.row(one))}</ul>
      ${this.call.render()}
      <p class="hint">Backups in this browser go with the browser’s data: if that is cleared, they are gone, too.</p>
    </section>`;
  }

  private row({ workspaceId, newest, count: backups }: LostBackups): TemplateResult {
    return copyRow({
      ...{ newest, backups, disabled: this.call.isWorking },
      bring: () => void this.bring(workspaceId, newest.id),
    });
  }

  private async bring(workspaceId: string, id: string): Promise<void> {
    const brought = await this.call.run('Reading the backup…', (watch) => this.app.backups.bringLost(workspaceId, id, watch), {
      done: () => null,
      stopped: 'Stopped. Nothing was changed.',
    });
    if (brought.ok && this.isConnected) this.shell.navigate(`/backups/${brought.value.id}`);
  }
}
