import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { App } from '#app/app.ts';
import { sectionNav } from '#ui/controllers/section-nav.ts';
import { sectionPanel, sectionPanelStyles } from '#ui/parts/section-panel.ts';
import type { Route } from '#ui/shell/router.ts';
import type { Shell } from '#ui/shell/shell.ts';
import { baseStyles } from '#ui/styles/base.ts';
import './about-section.ts';
import './accessibility-section.ts';
import './account-section.ts';
import './appearance-section.ts';
import './data-section.ts';
import './install-section.ts';
import './model-server-section.ts';
import { type SectionId, sections } from './sections.ts';
import './storage-section.ts';
import './sync-section.ts';

type Content = (app: App, shell: Shell) => TemplateResult;

const contents: { readonly [S in SectionId]: Content } = {
  account: (app, shell) => html`<account-section .app=${app} .shell=${shell}></account-section>`,
  appearance: (app) => html`<appearance-section .app=${app}></appearance-section>`,
  accessibility: (app) => html`<accessibility-section .app=${app}></accessibility-section>`,
  sync: (app) => html`<sync-section .app=${app}></sync-section>`,
  'model-server': (app) => html`<model-server-section .app=${app}></model-server-section>`,
  storage: (app, shell) => html`<storage-section .app=${app} .shell=${shell}></storage-section>`,
  install: (app) => html`<install-section .app=${app}></install-section>`,
  data: (app, shell) => html`<data-section .app=${app} .shell=${shell}></data-section>`,
  about: () => html`<about-section></about-section>`,
};

/** The settings, a section at a time: `/settings/<section>`. */
@customElement('settings-view')
export class SettingsView extends LitElement {
  static override styles = [baseStyles, sectionPanelStyles];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) shell!: Shell;
  @property({ attribute: false }) route!: Route;

  constructor() {
    super();
    sectionNav(this, () => this.section.id);
  }

  override willUpdate(_changed: PropertyValues<this>): void {
    document.title = `${this.section.label} – Settings – Holdfast`;
  }

  override render(): TemplateResult {
    const current = this.section;
    return sectionPanel({ title: 'Settings', path: '/settings', sections, current }, contents[current.id](this.app, this.shell));
  }

  /** A kept address may name the section of the model server as it was called once. */
  private get section(): (typeof sections)[number] {
    const wanted = this.route.rest[0] === 'provider' ? 'model-server' : this.route.rest[0];
    return sections.find(({ id }) => id === wanted) ?? sections[0];
  }
}
