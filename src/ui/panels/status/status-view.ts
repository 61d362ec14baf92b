import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { StoreSummary } from '#app/app.ts';
import { observe } from '#ui/controllers/observer.ts';
import { sectionNav } from '#ui/controllers/section-nav.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { bones, loadFailure } from '#ui/parts/load-state.ts';
import { type PanelSection, sectionPanel, sectionPanelStyles } from '#ui/parts/section-panel.ts';
import type { Route } from '#ui/shell/router.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import './conflicts-section.ts';
import { createDeviceNames } from '#ui/text/device-names.ts';
import './event-log-section.ts';
import './merge-log-section.ts';
import './overview-section.ts';
import './quarantine-section.ts';
import type { StatusParts } from './status-parts.ts';
import { statusViewStyles } from './status-view-styles.ts';

interface Section extends PanelSection {
  readonly content: (parts: StatusParts) => TemplateResult;
  /** How many things in it wait for the person. */
  readonly waiting?: (summary: StoreSummary) => number;
}

const sections: readonly Section[] = [
  {
    id: '',
    label: 'Overview',
    icon: 'activity',
    content: (parts) => html`<overview-section .parts=${parts}></overview-section>`,
  },
  {
    id: 'conflicts',
    label: 'Conflicts',
    icon: 'git-compare',
    content: (parts) => html`<conflicts-section .parts=${parts}></conflicts-section>`,
    waiting: ({ openConflicts }) => openConflicts,
  },
  {
    id: 'quarantine',
    label: 'Quarantine',
    icon: 'shield-alert',
    content: (parts) => html`<quarantine-section .parts=${parts}></quarantine-section>`,
    waiting: ({ quarantined }) => quarantined,
  },
  {
    id: 'merge-log',
    label: 'Merge log',
    icon: 'git-merge',
    content: (parts) => html`<merge-log-section .parts=${parts}></merge-log-section>`,
  },
  {
    id: 'log',
    label: 'Event log',
    icon: 'file-text',
    content: (parts) => html`<event-log-section .parts=${parts}></event-log-section>`,
  },
];

const partMissing = {
  title: 'This part of Holdfast did not load',
  advice: 'Your work is safe on this device. The network may be gone before this part was kept for offline use.',
};

/** Whether the work is safe, and everything that waits for the person: `/status/<section>`. */
@customElement('status-view')
export class StatusView extends AppPart {
  static override styles = [sectionStyles, sectionPanelStyles, statusViewStyles];

  @property({ attribute: false }) route!: Route;
  @state() private parts: StatusParts | 'loading' | 'failed' = 'loading';
  private readonly summary = observe(this, () => this.app?.summary);

  constructor() {
    super();
    sectionNav(this, () => this.section.id);
  }

  override firstUpdated(): void {
    void this.open();
  }

  override willUpdate(_changed: PropertyValues<this>): void {
    const { id, label } = this.section;
    document.title = id === '' ? 'Status – Holdfast' : `${label} – Status – Holdfast`;
  }

  override render(): TemplateResult {
    const current = this.section;
    return sectionPanel({ title: 'Status', path: '/status', sections, current }, this.content(current), (section) =>
      this.number(section),
    );
  }

  private number({ id, waiting }: Section): TemplateResult | typeof nothing {
    const { value } = this.summary;
    const amount = value && waiting ? waiting(value) : 0;
    return amount > 0 ? html`<span class="number ${id === 'quarantine' ? 'bad' : ''}">${amount}</span>` : nothing;
  }

  private content(section: Section): TemplateResult {
    if (this.parts === 'loading') return bones('Loading');
    if (this.parts === 'failed') return loadFailure(partMissing, () => void this.open());
    return section.content(this.parts);
  }

  private get section(): Section {
    const [overview] = sections;
    return sections.find(({ id }) => id === (this.route.rest[0] ?? '')) ?? (overview as Section);
  }

  private readonly open = async (): Promise<void> => {
    this.parts = 'loading';
    try {
      const { app, shell } = this;
      const status = await app.status();
      this.parts = { app, shell, status, names: createDeviceNames(app, () => this.requestUpdate()) };
    } catch {
      this.parts = 'failed';
    }
  };
}
