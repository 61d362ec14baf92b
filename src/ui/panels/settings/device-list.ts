import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App } from '#app/app.ts';
import type { SyncError } from '#core/errors.ts';
import type { DeviceList as Devices } from '#core/protocol.ts';
import { errorText } from '#ui/error-text.ts';
import { icon } from '#ui/icon.ts';
import type { Shell } from '#ui/shell.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { skeletonStyles } from '#ui/styles/skeleton.ts';
import { fullTime } from '#ui/time-text.ts';
import { rowListStyles, sectionStyles } from './section-styles.ts';

type Device = Devices['devices'][number];
type List =
  | { readonly type: 'loading' }
  | { readonly type: 'ready'; readonly devices: readonly Device[] }
  | { readonly type: 'failed'; readonly error: SyncError };

/** The devices that may sync with this account, and signing the others out. */
@customElement('device-list')
export class DeviceList extends LitElement {
  static override styles = [baseStyles, controlStyles, skeletonStyles, sectionStyles, rowListStyles];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) shell!: Shell;
  @state() private list: List = { type: 'loading' };

  override firstUpdated(): void {
    void this.load();
  }

  override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="title">
      <h3 id="title">Devices</h3>
      ${this.content()}
    </section>`;
  }

  private content(): TemplateResult {
    const { list } = this;
    switch (list.type) {
      case 'loading':
        return html`<span class="bone long" aria-hidden="true"></span>`;
      case 'failed':
        return html`<p>${errorText(list.error).title}, so the devices cannot be listed now.</p>
          <button @click=${this.load}>Try again</button>`;
      case 'ready':
        return html`<ul>
          ${list.devices.map(
            (device) => html`<li>
              ${icon('monitor')}
              <div>
                <strong>${device.name}</strong>
                <p class="hint">${device.current ? 'This device' : `Last seen ${fullTime(device.lastSeenAt)}`}, since ${fullTime(device.createdAt)}</p>
              </div>
              ${
                device.current
                  ? nothing
                  : html`<button aria-label="Sign out this device: ${device.name}" @click=${() => this.revoke(device)}>Sign out this device</button>`
              }
            </li>`,
          )}
        </ul>`;
    }
  }

  private readonly load = async (): Promise<void> => {
    const result = await this.app.account.devices();
    this.list = result.ok ? { type: 'ready', devices: result.value.devices } : { type: 'failed', error: result.error };
  };

  private async revoke(device: Device): Promise<void> {
    const agreed = await this.shell.ask({
      title: `Sign out ${device.name}?`,
      text: 'It can no longer sync. What it holds stays on it, and what it has not sent yet waits there until it signs in again.',
      confirm: 'Sign out this device',
      tone: 'danger',
    });
    if (!agreed) return;
    const result = await this.app.account.revoke(device.deviceId);
    if (result.ok) this.shell.notify({ text: `${device.name} is signed out` });
    else this.shell.notify({ text: `Not signed out: ${errorText(result.error).title}`, tone: 'bad' });
    await this.load();
  }
}
