import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { isSyncOn, type SettingValues } from '#entities/effective-settings.ts';
import { observe } from '#ui/controllers/observer.ts';
import { INSECURE_ADVICE } from '#ui/text/insecure.ts';
import { count, fullTime } from '#ui/text/time-text.ts';
import { type Choice, choiceField } from './choice-field.ts';
import { notSaved } from './only-here.ts';
import { SettingSection } from './setting-section.ts';

const policies: readonly Choice<SettingValues['conflictPolicy']>[] = [
  { value: 'newer', label: 'The newer one wins', hint: 'What it replaced stays in the merge log, and can be put back' },
  { value: 'ask', label: 'Ask me', hint: 'Both are kept until you have chosen' },
];

/** Whether this device syncs, and what becomes of two values for the same thing. */
@customElement('sync-section')
export class SyncSection extends SettingSection {
  private readonly sync = observe(this, () => this.app?.syncState);
  private readonly syncedAt = observe(this, () => this.app?.lastSyncedAt);

  override render(): TemplateResult {
    const { settings } = this;
    const on = isSyncOn(settings.device);
    const syncedAt = this.syncedAt.value ?? null;
    const { pending = 0 } = { pending: 0, ...this.sync.value };
    return html`
      <h2>Sync</h2>
      <section class="card" aria-labelledby="this-device">
        <h3 id="this-device">This device</h3>
        <label class="choice">
          <input type="checkbox" role="switch" aria-describedby="sync-hint" .checked=${on} ?disabled=${!settings.loaded}
            @change=${(event: Event) => void settings.writeDevice({ cloudSync: (event.target as HTMLInputElement).checked })} />
          Sync this device
        </label>
        <p class="hint" id="sync-hint">
          ${
            this.sync.value?.type === 'insecure'
              ? INSECURE_ADVICE
              : on
                ? 'What you write goes to the server and to your other devices by itself.'
                : 'Nothing is sent, and nothing comes in. What you write is kept on this device and goes out when you switch sync on again.'
          }
        </p>
        <p>Last synced: ${syncedAt === null ? 'not yet' : fullTime(syncedAt)}${pending > 0 ? `. ${count(pending, 'change')} waiting` : ''}</p>
      </section>
      <section class="card">
        ${choiceField(settings, 'conflictPolicy', 'When two devices changed the same thing', policies)}
        <p class="hint">Texts and lists are merged piece by piece first: this is for what overlaps.</p>
      </section>
      ${notSaved(settings)}
    `;
  }
}
