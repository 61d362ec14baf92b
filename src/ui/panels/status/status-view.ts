import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { StoreSummary } from '#app/app.ts';
import { observe } from '#ui/controllers/observer.ts';
import { sectionNav } from '#ui/controllers/section-nav.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { bones, loadFailure } from '#ui/parts/load-state.ts';
import { sectionPanel, sectionPanelStyles } from '#ui/parts/section-panel.ts';
import type { Route } from '#ui/shell/router.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import './conflicts-section.ts';
import { createDeviceNames } from '#ui/text/device-names.ts';
import './event-log-section.ts';
import './merge-log-section.ts';
import './overview-section.ts';
import './quarantine-section.ts';
import { type SectionId, sections } from './sections.ts';
import type { StatusParts } from './status-parts.ts';
import { statusViewStyles } from './status-view-styles.ts';

interface Content {
  readonly content: (parts: StatusParts) => TemplateResult;
  /** How many things in it wait for the person. */
  readonly waiting?: (summary: StoreSummary) => number;
}

type Section = (typeof sections)[number];

const contents: { readonly [S in SectionId]: Content } = {
  '': { content: (parts) => html`<overview-section .parts=${parts}></overview-section>` },
  conflicts: {
    content: (parts) => html`<conflicts-section .parts=${parts}></conflicts-section>`,
    waiting: ({ openConflicts }) => openConflicts,
  },
  quarantine: {
    content: (parts) => html`<quarantine-section .parts=${parts}></quarantine-section>`,
    waiting: ({ quarantined }) => quarantined,
  },
  'merge-log': { content: (parts) => html`<merge-log-section .parts=${parts}></merge-log-section>` },
  log: { content: (parts) => html`<event-log-section .parts=${parts}></event-log-section>` },
};

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

  private number({ id }: Section): TemplateResult | typeof nothing {
    const { value } = this.summary;
    const { waiting } = contents[id];
    const amount = value && waiting ? waiting(value) : 0;
    return amount > 0 ? html`<span class="number ${id === 'quarantine' ? 'bad' : ''}">${amount}</span>` : nothing;
  }

  private content(section: Section): TemplateResult {
    if (this.parts === 'loading') return bones('Loading');
    if (this.parts === 'failed') return loadFailure(partMissing, () => void this.open());
    return contents[section.id].content(this.parts);
  }

  private get section(): Section {
    return sections.find(({ id }) => id === (this.route.rest[0] ?? '')) ?? sections[0];
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
