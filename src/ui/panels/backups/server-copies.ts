import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { SERVER_PLACE } from '#core/backup-places.ts';
import type { BackupInfo } from '#core/backups.ts';
import { createLoader } from '#ui/controllers/loaded.ts';
import { observe } from '#ui/controllers/observer.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { loadContent } from '#ui/parts/load-state.ts';
import { shownCall } from '#ui/parts/long-call.ts';
import { rowListStyles } from '#ui/styles/card-lists.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { copyRow } from './copy-row.ts';

/** What the server of the account keeps of other browsers and devices, and the way to bring it back: as soon as the account is known. */
@customElement('server-copies')
export class ServerCopies extends AppPart {
  static override styles = [sectionStyles, rowListStyles];

  private readonly account = observe(this, () => this.app.account.current);
  private readonly undecided = observe(this, () => this.app.start.isUndecided);
  private readonly list = createLoader(this, () => this.app.backups.backups(SERVER_PLACE));
  private readonly call = shownCall(this);
  private isAsked = false;

  override updated(): void {
    if (this.isAsked || !this.isKnown) return;
    this.isAsked = true;
    void this.list.reload();
  }

  override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="server-copies">
      <h3 id="server-copies">From backups on the server</h3>
      ${
        this.isKnown
          ? loadContent(this.list, 'Asking the server for its backups', ({ backups }) => this.copies(backups))
          : html`<p class="hint">The server keeps backups of your account. They are listed here as soon as this browser is in it: by the code, or by name and password.</p>`
      }
      ${this.call.render()}
    </section>`;
  }

  private copies(backups: readonly BackupInfo[]): TemplateResult {
    const ways = waysBack(backups.filter(({ device }) => device.id !== this.app.deviceId));
    if (ways.length === 0) return html`<p class="hint">It keeps none of your other browsers and devices.</p>`;
    return html`<p class="hint">Of each browser and device the newest. You see what is in one before anything is written; all of them are under <em>Backups</em>.</p>
      <ul aria-label="Backups on the server">${ways.map(([newest, all]) =>
        copyRow({ newest, backups: all, disabled: this.call.isWorking, bring: () => void this.bring(newest.id) }),
      )}</ul>`;
  }

  /** This browser is in an account of which the server knows, and may ask it. */
  private get isKnown(): boolean {
    return this.account.value?.entered === true && this.undecided.value === false;
  }

  private async bring(id: string): Promise<void> {
    const brought = await this.call.run(
      'Bringing it to this device…',
      (watch) => this.app.backups.bringBackup(id, SERVER_PLACE, watch),
      { done: () => null, stopped: 'Stopped. Nothing was changed.' },
    );
    if (brought.ok && this.isConnected) this.shell.navigate(`/backups/${brought.value.id}`);
  }
}

/** Of each device the newest backup that is whole and not shrunken, where there is such a one, and how many there are. The newest first. */
function waysBack(backups: readonly BackupInfo[]): readonly (readonly [newest: BackupInfo, all: number])[] {
  const byDevice = Map.groupBy(backups, ({ device }) => device.id);
  return [...byDevice.values()]
    .flatMap((all) => {
      const newest = all.find(({ isShrunken, verifiedAt }) => !isShrunken && verifiedAt !== null) ?? all[0];
      return newest ? [[newest, all.length] as const] : [];
    })
    .sort(([a], [b]) => b.madeAt - a.madeAt);
}
