import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { HINTS_ID } from '#entities/hints.ts';
import { liveEntities } from '#ui/controllers/live-entities.ts';
import { quietTimer } from '#ui/controllers/quiet-timer.ts';
import { AppPart } from '#ui/parts/app-part.ts';

import { banner, bannerStyles } from '#ui/parts/banner.ts';
import { briefTime, count } from '#ui/text/time-text.ts';
import { sayArrival } from './arrival.ts';
import { continueFrom, findOtherDevices, type OtherDevice } from './other-devices.ts';
import { keepTold, onceId } from './told-once.ts';

/** Layouts come one by one with the first pull. */
const GATHER = { quietMs: 300, withinMs: 1500 };

/** On a device that is new to the account: to go on with the tabs and the layout of another one. Nothing until there is one. */
@customElement('continue-offer')
export class ContinueOffer extends AppPart {
  static override styles = [
    bannerStyles,
    css`
      /* One row on a phone. */
      @container (max-width: 45rem) {
        .banner {
          gap: var(--space-1) var(--space-2);
          padding-block: var(--space-1);
          font-size: var(--text-s);
        }

        .banner > p {
          flex-basis: 8rem;
        }

        .age {
          display: none;
        }
      }
    `,
  ];
  @state() private devices: readonly OtherDevice[] = [];
  @state() private isDecided = false;
  /** The answer is kept: it counts in every tab, and after a reload. */
  private readonly entities = liveEntities(
    this,
    () => this.app,
    () => [['hints', HINTS_ID]],
  );
  @query('select') private choice!: HTMLSelectElement | null;
  private stop: (() => void) | undefined;
  private stopWaiting: (() => void) | undefined;
  private readonly gathered = quietTimer(GATHER, () => void this.look());

  override firstUpdated(): void {
    this.stop = this.app.onChange((keys) => {
      if (this.isDecided || (keys !== null && !keys.some(([kind, id]) => kind === 'layout' && id !== this.app.deviceId))) return;
      this.gathered.note();
    });
    void this.look();
    this.stopWaiting = sayArrival(this.app, this.shell);
  }

  override disconnectedCallback(): void {
    this.gathered.cancel();
    this.stop?.();
    this.stopWaiting?.();
    super.disconnectedCallback();
  }

  override render(): TemplateResult | typeof nothing {
    const [first, ...others] = this.devices;
    const seen = this.entities.get('hints', HINTS_ID);
    const wasAnswered = seen === undefined || seen?.fields.dismissed.includes(onceId('continue', this.app.deviceId));
    if (this.isDecided || wasAnswered || !first) return nothing;
    return banner(
      { icon: 'monitor', tone: 'calm', label: 'Go on from another device' },
      html`Continue with the tabs and layout of ${
        others.length === 0
          ? html`<strong>${nameOf(first)}</strong><span class="age"> ${ageText(first)}</span>`
          : html`<select aria-label="Device">${this.devices.map((device) => html`<option value=${device.deviceId}>${deviceText(device)}</option>`)}</select>`
      }?`,
      html`<button class="primary" @click=${this.goOn}>Continue</button>
      <button class="quiet" @click=${this.decide}>Start fresh</button>`,
    );
  }

  private async look(): Promise<void> {
    this.devices = await findOtherDevices(this.app);
  }

  private readonly decide = (): void => {
    this.isDecided = true;
    void keepTold(this.app, 'continue');
  };

  private readonly goOn = async (): Promise<void> => {
    const chosen = this.devices.find(({ deviceId }) => deviceId === this.choice?.value) ?? this.devices[0];
    this.decide();
    if (!chosen) return;
    const { layout } = this.shell;
    await continueFrom(this.app, layout, chosen);
    const { tabs, activeTab } = layout.view.value;
    const tab = tabs.find(({ id }) => id === activeTab) ?? tabs[0];
    if (tab) this.shell.navigate(`/${tab.panel}/${tab.id}`);
  };
}

const nameOf = ({ name }: OtherDevice): string => name || 'another device';
const ageText = ({ lastUsedAt, openDocuments }: OtherDevice): string =>
  `(${briefTime(lastUsedAt, Date.now())}, ${count(openDocuments, 'open document')})`;
const deviceText = (device: OtherDevice): string => `${nameOf(device)} ${ageText(device)}`;
