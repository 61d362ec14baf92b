import { editSettings } from '#ui/controllers/edit-settings.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { formStyles } from '#ui/styles/form.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { settingStyles } from './setting-styles.ts';

/** A section of the settings that reads and writes their values. */
export abstract class SettingSection extends AppPart {
  static override styles = [sectionStyles, formStyles, settingStyles];

  protected readonly settings = editSettings(this, () => this.app);
}
