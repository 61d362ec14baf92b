import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { DeviceList as Devices } from '#core/account-protocol.ts';
import { loaded } from '#ui/controllers/loaded.ts';
import { observe } from '#ui/controllers/observer.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { failureNotice } from '#ui/parts/failure-notice.ts';
import { icon } from '#ui/parts/icon.ts';
import { loadContent } from '#ui/parts/load-state.ts';
import { rowListStyles } from '#ui/styles/card-lists.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { isolate } from '#ui/text/isolate.ts';
import { fullTime } from '#ui/text/time-text.ts';
import './account-form.ts';
import { deviceForm } from './account-forms.ts';

type Device = Devices['devices'][number];

/** The devices that may sync with this account, and signing the others out. */
@customElement('device-list')
export class DeviceList extends AppPart {
  static override styles = [sectionStyles, rowListStyles];

  private readonly devices = loaded(this, () => this.app.account.devices());

  private readonly account = observe(this, () => this.app?.account.current);

  override render(): TemplateResult {
    const name = this.account.value?.deviceName;
    return html`<section class="card" aria-labelledby="title">
      <h3 id="title">Devices</h3>
      ${name === undefined ? nothing : html`<account-form .spec=${deviceForm(this.app, name)}></account-form>`}
      ${loadContent(this.devices, 'Loading the devices', ({ devices }) => html`<ul>${devices.map((device) => this.row(device, name))}</ul>`)}
    </section>`;
  }

  private row(device: Device, name: string | undefined): TemplateResult {
    return html`<li>
      ${icon('monitor')}
      <div>
        <strong dir="auto">${device.current ? (name ?? device.name) : device.name}</strong>
        <p class="hint">${device.current ? 'This device' : `Last seen ${fullTime(device.lastSeenAt)}`}, since ${fullTime(device.createdAt)}</p>
      </div>
      ${
        device.current
          ? nothing
          : html`<button aria-label="Sign out this device: ${isolate(device.name)}" @click=${() => this.revoke(device)}>Sign out this device</button>`
      }
    </li>`;
  }

  private async revoke(device: Device): Promise<void> {
    const agreed = await this.shell.ask({
      title: `Sign out ${isolate(device.name)}?`,
      text: 'It can no longer sync. What it holds stays on it, and what it has not sent yet waits there until it signs in again.',
      confirm: 'Sign out this device',
      tone: 'danger',
    });
    if (!agreed) return;
    const result = await this.app.account.revoke(device.deviceId);
    this.shell.notify(
      result.ok ? { text: `${isolate(device.name)} is signed out` } : failureNotice('Not signed out', result.error),
    );
    await this.devices.reload();
  }
}
