import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { DeviceList as Devices } from '#core/account-protocol.ts';
import { loaded } from '#ui/controllers/loaded.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { failureNotice } from '#ui/parts/failure-notice.ts';
import { icon } from '#ui/parts/icon.ts';
import { loadContent } from '#ui/parts/load-state.ts';
import { rowListStyles } from '#ui/styles/card-lists.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { fullTime } from '#ui/text/time-text.ts';

type Device = Devices['devices'][number];

/** The devices that may sync with this account, and signing the others out. */
@customElement('device-list')
export class DeviceList extends AppPart {
  static override styles = [sectionStyles, rowListStyles];

  private readonly devices = loaded(this, () => this.app.account.devices());

  override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="title">
      <h3 id="title">Devices</h3>
      ${loadContent(this.devices, 'Loading the devices', ({ devices }) => html`<ul>${devices.map((device) => this.row(device))}</ul>`)}
    </section>`;
  }

  private row(device: Device): TemplateResult {
    return html`<li>
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
    </li>`;
  }

  private async revoke(device: Device): Promise<void> {
    const agreed = await this.shell.ask({
      title: `Sign out ${device.name}?`,
      text: 'It can no longer sync. What it holds stays on it, and what it has not sent yet waits there until it signs in again.',
      confirm: 'Sign out this device',
      tone: 'danger',
    });
    if (!agreed) return;
    const result = await this.app.account.revoke(device.deviceId);
    this.shell.notify(result.ok ? { text: `${device.name} is signed out` } : failureNotice('Not signed out', result.error));
    await this.devices.reload();
  }
}
