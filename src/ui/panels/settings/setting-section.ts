import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import type { App } from '#app/app.ts';
import { formStyles } from '#ui/styles/form.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { settingStyles } from './setting-styles.ts';
import { editSettings } from './setting-values.ts';

/** A section of the settings that reads and writes their values. */
export abstract class SettingSection extends LitElement {
  static override styles = [sectionStyles, formStyles, settingStyles];

  @property({ attribute: false }) app!: App;
  protected readonly settings = editSettings(this, () => this.app);
}
