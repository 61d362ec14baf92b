import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { LoggedEvent } from '#app/status/status-service.ts';
import { liveList } from '#ui/controllers/live-list.ts';
import { downloadText } from '#ui/parts/download.ts';
import { failureNotice } from '#ui/parts/failure-notice.ts';
import { icon } from '#ui/parts/icon.ts';
import { loadContent } from '#ui/parts/load-state.ts';
import { emptyState } from '#ui/parts/messages.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { fileDay, fullTime } from '#ui/text/time-text.ts';
import { eventsAsText, eventText } from './event-text.ts';
import type { StatusParts } from './status-parts.ts';

/** What happened on this device, without contents: to look at, to hand to whoever helps, to empty. */
@customElement('event-log-section')
export class EventLogSection extends LitElement {
  static override styles = [
    sectionStyles,
    css`
      ol {
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        overflow: hidden;
      }

      li {
        display: grid;
        grid-template-columns: 11rem minmax(0, 1fr) auto;
        gap: var(--space-1) var(--space-3);
        align-items: baseline;
        padding: var(--space-2) var(--space-4);
        font-size: var(--text-s);
        font-variant-numeric: tabular-nums;
      }

      li + li {
        border-block-start: 1px solid var(--line);
      }

      time,
      .times {
        color: var(--ink-3);
      }

      .text {
        overflow-wrap: anywhere;
      }

      @container (max-width: 45rem) {
        li {
          grid-template-columns: minmax(0, 1fr) auto;
        }

        .text {
          grid-row: 1;
          grid-column: 1 / -1;
        }
      }
    `,
  ];

  @property({ attribute: false }) parts!: StatusParts;
  private readonly list = liveList(
    this,
    () => this.parts?.app,
    () => this.parts.status.events(),
  );

  override render(): TemplateResult {
    const { state: list } = this.list;
    const events = list.type === 'ready' ? list.value : [];
    return html`
      <div class="head">
        <h2>Event log</h2>
        ${
          events.length > 0
            ? html`<button @click=${() => this.save(events, 'txt')}>${icon('download')}Export as text</button>
              <button @click=${() => this.save(events, 'json')}>${icon('download')}Export as JSON</button>
              <button class="danger" @click=${this.clear}>Clear log</button>`
            : nothing
        }
      </div>
      <p class="hint">What happened on this device, newest first. It holds no titles and no texts, never leaves this browser by itself, and keeps the last 500 lines.</p>
      ${loadContent(this.list, 'Loading the event log', () => this.lines(events))}
    `;
  }

  private lines(events: readonly LoggedEvent[]): TemplateResult {
    return events.length === 0
      ? emptyState('Nothing has happened.', 'The log was cleared, and nothing has come into it since.')
      : html`<ol aria-label="Events">${repeat(
          events,
          ({ order }) => order,
          (entry) => this.line(entry),
        )}</ol>`;
  }

  private line({ at, until, times, event }: LoggedEvent): TemplateResult {
    const { text, tone } = eventText(event);
    return html`<li>
      <time datetime=${new Date(until).toISOString()}>${fullTime(until)}</time>
      <span class="text ${tone === 'bad' ? 'bad' : ''}">${text}</span>
      ${times > 1 ? html`<span class="times" title="Since ${fullTime(at)}">${times} times</span>` : nothing}
    </li>`;
  }

  private save(events: readonly LoggedEvent[], format: 'txt' | 'json'): void {
    const name = `holdfast-events-${fileDay()}.${format}`;
    if (format === 'txt') downloadText(name, eventsAsText(events), 'text/plain');
    else
      downloadText(name, `${JSON.stringify({ format: 'holdfast-events', version: 1, events }, null, 2)}\n`, 'application/json');
  }

  private readonly clear = async (): Promise<void> => {
    const { shell, status } = this.parts;
    const agreed = await shell.ask({
      title: 'Clear the event log?',
      text: 'Only the log goes. It cannot be brought back; your work is not touched.',
      confirm: 'Clear log',
      tone: 'danger',
    });
    if (!agreed) return;
    const result = await status.clearEvents();
    if (!result.ok) shell.notify(failureNotice('Not cleared', result.error));
    void this.list.reload();
  };
}
