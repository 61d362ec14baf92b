import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import type { Usage } from '#app/this-device.ts';
import { ok } from '#core/result.ts';
import { kindPlural } from '#entities/kind-names.ts';
import { loaded } from '#ui/controllers/loaded.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { loadContent } from '#ui/parts/load-state.ts';
import { tableStyles } from '#ui/styles/card-lists.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { byteText } from '#ui/text/byte-text.ts';
import { count } from '#ui/text/time-text.ts';
import '#ui/documents/make-room.ts';

/** What takes the room on this device, and how much there is. */
@customElement('usage-card')
export class UsageCard extends AppPart {
  static override styles = [
    sectionStyles,
    tableStyles,
    css`
      table {
        inline-size: min(36rem, 100%);
      }

      meter {
        inline-size: min(20rem, 100%);
        block-size: 0.75rem;
      }
    `,
  ];

  private readonly measured = loaded(this, async () => {
    const [usage, estimate] = await Promise.all([
      this.app.device.usage(),
      navigator.storage?.estimate?.().catch(() => undefined),
    ]);
    return usage.ok ? ok({ usage: usage.value, estimate }) : usage;
  });

  override render(): TemplateResult {
    return html`<section class="card" aria-labelledby="room" aria-busy=${this.measured.state.type === 'loading'}>
      <h3 id="room">What takes the room</h3>
      ${loadContent(
        this.measured,
        'Measuring',
        ({ usage, estimate }) => html`${budget(estimate)} ${table(usage)} ${elsewhere(usage)}
          <make-room .spare=${usage.spare} @room-made=${this.measured.reload}></make-room>
          <p class="hint">Sizes are estimates of what is written. Earlier revisions are kept on this device alone, and thinned with time.</p>
          <button @click=${this.measured.again}>Measure again</button>`,
      )}
    </section>`;
  }
}

/** The browser's own numbers: rounded, late, and its promise to nobody, so they are called "about". */
function budget(estimate: StorageEstimate | undefined): TemplateResult | typeof nothing {
  const { usage, quota } = estimate ?? {};
  if (usage === undefined || !quota) return nothing;
  return html`<p>
      Holdfast takes about ${byteText(usage)} of the ${byteText(quota)} that this browser allows it at most, the app itself included.
    </p>
    <meter aria-label="Storage used" min="0" max=${quota} .value=${usage} high=${quota * 0.95} low=${quota * 0.8} optimum="0"></meter>`;
}

/** What is shown of files whose bytes are on the server alone. */
function elsewhere({ letGo }: Usage): TemplateResult | typeof nothing {
  if (letGo.files === 0) return nothing;
  return html`<p>${count(letGo.files, 'file')} (${byteText(letGo.bytes)}) left this device to make room, and come back when you open them.</p>`;
}

const groupNames: { readonly [group: string]: string | undefined } = { image: 'Pictures', audio: 'Audio', video: 'Videos' };

/** Pictures, audio, videos, and all other files as one row; largest first. */
function fileRows(files: Usage['files']): readonly (readonly [name: string, files: number, bytes: number])[] {
  const rows = new Map<string, readonly [name: string, files: number, bytes: number]>();
  for (const { group, files: number, bytes } of files) {
    const name = groupNames[group] ?? 'Other files';
    const [, numberBefore, bytesBefore] = rows.get(name) ?? [name, 0, 0];
    rows.set(name, [name, numberBefore + number, bytesBefore + bytes]);
  }
  return [...rows.values()].toSorted((a, b) => b[2] - a[2]);
}

function table({ kinds, history, files, thumbnails, backups }: Usage): TemplateResult {
  const small = ['Thumbnails', thumbnails.files, thumbnails.bytes] as const;
  const kept = ['Backups', backups.files, backups.bytes] as const;
  const rows = [...fileRows(files), ...(thumbnails.files > 0 ? [small] : []), ...(backups.files > 0 ? [kept] : [])];
  if (kinds.length === 0) return html`<p>Nothing has been written yet.</p>`;
  return html`<table>
    <thead>
      <tr><th scope="col">Kind</th><th scope="col">Entries</th><th scope="col">In the bin</th><th scope="col">Size</th></tr>
    </thead>
    <tbody>
      ${kinds.map(
        ({ kind, live, binned, bytes }) => html`<tr>
          <th scope="row">${kindPlural(kind)}</th>
          <td>${live.toLocaleString()}</td>
          <td>${binned === 0 ? '–' : binned.toLocaleString()}</td>
          <td>${byteText(bytes)}</td>
        </tr>`,
      )}
      <tr>
        <th scope="row">Earlier revisions</th>
        <td>${count(history.states, 'revision')}</td>
        <td>–</td>
        <td>${byteText(history.bytes)}</td>
      </tr>
      ${rows.map(
        ([name, number, bytes]) => html`<tr>
          <th scope="row">${name}</th>
          <td>${number.toLocaleString()}</td>
          <td>–</td>
          <td>${byteText(bytes)}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}
