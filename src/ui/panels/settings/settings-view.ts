import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { sectionNav } from '#ui/controllers/section-nav.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { sectionPanel, sectionPanelStyles } from '#ui/parts/section-panel.ts';
import type { Route } from '#ui/shell/router.ts';
import { baseStyles } from '#ui/styles/base.ts';
import './about-section.ts';
import './accessibility-section.ts';
import './account-section.ts';
import './appearance-section.ts';
import './backups-section.ts';
import './data-section.ts';
import './enter-page.ts';
import './files-section.ts';
import './install-section.ts';
import './model-server-section.ts';
import { type SectionId, sections } from './sections.ts';
import './storage-section.ts';
import './sync-section.ts';

const contents: { readonly [S in SectionId]: TemplateResult } = {
  account: html`<account-section></account-section>`,
  appearance: html`<appearance-section></appearance-section>`,
  accessibility: html`<accessibility-section></accessibility-section>`,
  sync: html`<sync-section></sync-section>`,
  'model-server': html`<model-server-section></model-server-section>`,
  files: html`<files-section></files-section>`,
  backups: html`<backups-section></backups-section>`,
  storage: html`<storage-section></storage-section>`,
  install: html`<install-section></install-section>`,
  data: html`<data-section></data-section>`,
  about: html`<about-section></about-section>`,
};

/** The settings, a section at a time: `/settings/<section>`. */
@customElement('settings-view')
export class SettingsView extends AppPart {
  static override styles = [baseStyles, sectionPanelStyles];

  @property({ attribute: false }) route!: Route;

  constructor() {
    super();
    sectionNav(this, () => this.section.id);
  }

  override willUpdate(_changed: PropertyValues<this>): void {
    document.title = this.isEntering ? 'I already have work – Holdfast' : `${this.section.label} – Settings – Holdfast`;
  }

  override render(): TemplateResult {
    if (this.isEntering) return html`<enter-page ?isIn=${this.route.rest[1] === 'opened'}></enter-page>`;
    const current = this.section;
    return sectionPanel({ title: 'Settings', path: '/settings', sections, current }, contents[current.id]);
  }

  /** A kept address may name the section of the model server as it was called once. */
  /** A page of its own, for who comes with work from elsewhere. */
  private get isEntering(): boolean {
    return this.route.rest[0] === 'enter';
  }

  private get section(): (typeof sections)[number] {
    const wanted = this.route.rest[0] === 'provider' ? 'model-server' : this.route.rest[0];
    return sections.find(({ id }) => id === wanted) ?? sections[0];
  }
}
