import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { Quarantined } from '#app/status/status-service.ts';
import { keyText } from '#core/entity-key.ts';
import { kindName } from '#entities/kind-names.ts';
import { liveList } from '#ui/controllers/live-list.ts';
import { minuteClock } from '#ui/controllers/minute.ts';
import { downloadText } from '#ui/parts/download.ts';
import { failureNotice } from '#ui/parts/failure-notice.ts';
import { icon } from '#ui/parts/icon.ts';
import { loadContent } from '#ui/parts/load-state.ts';
import { emptyState } from '#ui/parts/messages.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { reasonText } from '#ui/text/quarantine-text.ts';
import { clockTime, count, fileDay } from '#ui/text/time-text.ts';
import { entityPath, entityTitle } from './entity-name.ts';
import type { StatusParts } from './status-parts.ts';

/** What the server refused. Each entry is whole on this device: it can be edited, tried again, exported or given up. */
@customElement('quarantine-section')
export class QuarantineSection extends LitElement {
  static override styles = sectionStyles;

  @property({ attribute: false }) parts!: StatusParts;
  @state() private working = false;
  private readonly clock = minuteClock(this);
  private readonly list = liveList(
    this,
    () => this.parts?.app,
    () => this.parts.status.quarantined(),
  );

  override render(): TemplateResult {
    const { state: list } = this.list;
    const entries = list.type === 'ready' ? list.value : [];
    const waiting = entries.filter((entry) => entry.waiting);
    return html`
      <div class="head">
        <h2>Quarantine</h2>
        ${waiting.length > 1 ? html`<button class="primary" ?disabled=${this.working} @click=${() => this.retry()}>${icon('refresh-cw')}Try all again</button>` : nothing}
        ${entries.length > 1 ? html`<button @click=${() => this.save(entries)}>${icon('download')}Export all</button>` : nothing}
      </div>
      ${loadContent(this.list, 'Loading the quarantine', () => this.entries(entries))}
    `;
  }

  private entries(entries: readonly Quarantined[]): TemplateResult {
    return entries.length === 0
      ? emptyState(
          'Nothing was refused.',
          'If the server ever refuses an entry, it waits here, whole, and everything else goes on.',
        )
      : html`
              <p class="hint">Each of these is whole on this device, and you can go on editing it. Everything else is synced.</p>
              <ul class="stack" aria-label="Refused entries">${repeat(
                entries,
                ({ kind, id }) => keyText({ kind, id }),
                (entry) => html`<li class="card">${this.entry(entry)}</li>`,
              )}</ul>
            `;
  }

  private entry(entry: Quarantined): TemplateResult {
    const { kind, id, reason, at, entity, waiting, deletion } = entry;
    const title = this.titleOf(entry);
    const { title: why, advice } = reasonText(reason);
    const path = entityPath(kind, id, entity);
    const act = (name: string): string => `${name}: ${title}`;
    return html`
      <div>
        <h3 dir="auto">${title}</h3>
        <p class="small">${deletion ? `Deletion of a ${kindName(kind)}` : kindName(kind)}, refused ${clockTime(at, this.clock.now)}</p>
      </div>
      <p>Refused because <strong>${why}</strong>. ${advice}</p>
      <div class="row">
        ${waiting ? html`<button class="primary" ?disabled=${this.working} aria-label=${act('Try again')} @click=${() => this.retry(entry)}>${icon('refresh-cw')}Try again</button>` : nothing}
        ${path ? html`<a class="button" href=${path} aria-label=${act('Edit')}>${icon('pencil')}Edit</a>` : nothing}
        <button aria-label=${act('Export')} @click=${() => this.save([entry])}>${icon('download')}Export</button>
        <button class="danger" ?disabled=${this.working} aria-label=${act('Discard')} @click=${() => this.discard(entry)}>${icon('trash-2')}Discard</button>
      </div>
    `;
  }

  private readonly titleOf = ({ kind, entity }: Quarantined): string => entityTitle(kind, entity);

  private async retry(entry?: Quarantined): Promise<void> {
    this.working = true;
    const result = await this.parts.status.retryQuarantined(entry && [entry.kind, entry.id]);
    this.working = false;
    const { shell } = this.parts;
    if (!result.ok) shell.notify(failureNotice('Not tried', result.error));
    else
      shell.notify({
        text: entry ? `Trying “${this.titleOf(entry)}” again` : `Trying ${count(result.value, 'entry', 'entries')} again`,
      });
    void this.list.reload();
  }

  private async save(entries: readonly Quarantined[]): Promise<void> {
    const result = await this.parts.status.exportQuarantined(entries.map(({ kind, id }) => [kind, id]));
    if (!result.ok) {
      this.parts.shell.notify(failureNotice('Not exported', result.error));
      return;
    }
    downloadText(`holdfast-quarantine-${fileDay()}.json`, `${JSON.stringify(result.value, null, 2)}\n`, 'application/json');
  }

  private async discard(entry: Quarantined): Promise<void> {
    const { shell, status } = this.parts;
    const title = this.titleOf(entry);
    const agreed = await shell.ask({
      title: `Discard what was refused?`,
      text: whatDiscardDoes(entry),
      items: [title],
      confirm: 'Discard',
      tone: 'danger',
    });
    if (!agreed) return;
    this.working = true;
    const result = await status.discardQuarantined(entry);
    this.working = false;
    if (!result.ok) shell.notify(failureNotice('Not discarded', result.error));
    else
      shell.notify({
        text: `Discarded the refused change of “${title}”`,
        ...(entry.waiting && { undo: () => void result.value.undo().then(this.list.reload) }),
      });
    void this.list.reload();
  }
}

function whatDiscardDoes({ kind, waiting, deletion, onServer }: Quarantined): string {
  if (!waiting) return 'Only this note of it goes; nothing of your work is touched.';
  if (deletion && onServer) return `The ${kindName(kind)} comes back as the server holds it.`;
  if (onServer)
    return `The ${kindName(kind)} goes back to what the server holds. What is here now is kept in its history on this device.`;
  return `The server has never had this ${kindName(kind)}: it is deleted. What it holds now is kept in its history on this device.`;
}
