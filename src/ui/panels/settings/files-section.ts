import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { MAX_BLOB_BYTES } from '#core/blobs.ts';
import type { SettingValues } from '#entities/effective-settings.ts';
import { type FileSettings, fileSettings } from '#entities/file-settings.ts';
import { byteText } from '#ui/text/byte-text.ts';
import { type Choice, choiceField } from './choice-field.ts';
import { notSaved, onlyHere } from './only-here.ts';
import { SettingSection } from './setting-section.ts';

const keeps: readonly Choice<FileSettings['keepFiles']>[] = [
  { value: 'all', label: 'Keep everything', hint: 'Every picture and file can be opened offline' },
  {
    value: 'recent',
    label: 'Keep recent',
    hint: 'What the server has and you have not opened for 30 days may leave this device, and comes back when you open it',
  },
];
const edges: readonly Choice<SettingValues['pictureEdge']>[] = [
  { value: 'original', label: 'As they are', hint: 'Nothing is lost; photos of a phone take 3 to 8 MB each' },
  {
    value: '2048',
    label: 'At most 2048 pixels',
    hint: 'Sharp on a screen, and a tenth of the space; smaller pictures stay as they are',
  },
];

/** What is kept of pictures and files, and where. */
@customElement('files-section')
export class FilesSection extends SettingSection {
  override render(): TemplateResult {
    const { settings } = this;
    const strip = settings.read('stripLocation');
    const { keepFiles } = fileSettings({ settings: undefined, deviceSettings: settings.device });
    return html`
      <h2>Files</h2>
      <section class="card">
        <fieldset class="setting" ?disabled=${!settings.loaded}>
          <legend>On this device</legend>
          <div class="choices">
            ${keeps.map(
              ({ value, label, hint }) => html`<div class="option">
                <label class="choice">
                  <input type="radio" name="keepFiles" value=${value} .checked=${value === keepFiles} aria-describedby="keep-${value}"
                    @change=${() => void settings.writeDevice({ keepFiles: value })} />
                  ${label}
                </label>
                <p class="hint" id="keep-${value}">${hint}</p>
              </div>`,
            )}
          </div>
        </fieldset>
        <p class="hint">What takes the room, and how to make some: <a href="/settings/storage">Storage</a>.</p>
      </section>
      <section class="card">
        ${choiceField(settings, 'pictureEdge', 'Size of pictures that you add', edges)}
        <div class="setting">
          <label class="choice">
            <input type="checkbox" role="switch" aria-describedby="strip-hint" .checked=${strip.value} ?disabled=${!settings.loaded}
              @change=${(event: Event) => void settings.write('stripLocation', (event.target as HTMLInputElement).checked)} />
            Remove location from pictures
          </label>
          <p class="hint" id="strip-hint">Takes out where and when a picture was made, by whom and with which camera, when you add it.</p>
          ${onlyHere(settings, 'stripLocation', 'Remove location from pictures', strip.shared ? 'on' : 'off')}
        </div>
      </section>
      <section class="card" aria-labelledby="limits">
        <h3 id="limits">Limits</h3>
        <p>A file has ${byteText(MAX_BLOB_BYTES)} at most; a larger one is refused when you add it. A picture that cannot be shown is kept as a file.</p>
      </section>
      ${notSaved(settings)}
    `;
  }
}
