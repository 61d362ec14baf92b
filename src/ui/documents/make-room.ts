import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Usage } from '#app/this-device.ts';
import type { StoreError } from '#core/errors.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { problem } from '#ui/parts/messages.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { byteText } from '#ui/text/byte-text.ts';
import { errorText } from '#ui/text/error-text.ts';
import { count } from '#ui/text/time-text.ts';

type Files = Usage['spare'];

type Progress =
  | { readonly type: 'idle' }
  | { readonly type: 'working'; readonly freed: number }
  | { readonly type: 'done'; readonly freed: Files; readonly stopped: boolean }
  | { readonly type: 'failed'; readonly error: StoreError };

/**
 * Lets files leave this device that the server has and nobody here has opened for two days. `spare` says how many; without any
 * there is nothing to see. Dispatches `room-made` when some have gone.
 */
@customElement('make-room')
export class MakeRoom extends AppPart {
  static override styles = [
    sectionStyles,
    css`
      :host {
        display: grid;
        gap: var(--space-2);
        justify-items: start;
      }

      progress {
        inline-size: min(20rem, 100%);
        accent-color: var(--accent);
      }
    `,
  ];

  @property({ attribute: false }) spare: Files = { files: 0, bytes: 0 };
  @state() private progress: Progress = { type: 'idle' };
  private stopped = false;

  override disconnectedCallback(): void {
    this.stopped = true;
    super.disconnectedCallback();
  }

  override render(): TemplateResult | typeof nothing {
    const { progress, spare } = this;
    if (progress.type === 'working')
      return html`<div class="row">
        <progress aria-label="Making room" max=${Math.max(1, spare.bytes)} .value=${progress.freed}></progress>
        <button @click=${this.stop}>Cancel</button>
      </div>`;
    return html`${
      spare.files === 0
        ? nothing
        : html`<p>
              ${count(spare.files, 'file')} that the server has ${spare.files === 1 ? 'was' : 'were'} not opened here for two days, and can leave this device. ${spare.files === 1 ? 'It comes' : 'They come'} back when opened with a network.
            </p>
            <button @click=${this.start}>${icon('hard-drive')}Make room: ${byteText(spare.bytes)}</button>`
    }
    ${this.message()}`;
  }

  private message(): TemplateResult | typeof nothing {
    const { progress } = this;
    if (progress.type === 'failed') return problem(errorText(progress.error), 'No room made');
    if (progress.type !== 'done') return nothing;
    const { files, bytes } = progress.freed;
    const end = progress.stopped ? 'Stopped. ' : '';
    return html`<p class="done" role="status">${end}${files === 0 ? 'Nothing has left this device.' : `${byteText(bytes)} are free: ${count(files, 'file')} left this device.`}</p>`;
  }

  private readonly stop = (): void => {
    this.stopped = true;
  };

  private readonly start = async (): Promise<void> => {
    this.stopped = false;
    this.progress = { type: 'working', freed: 0 };
    const made = await this.app.device.makeRoom((freed) => {
      if (this.progress.type === 'working') this.progress = { type: 'working', freed };
      return !this.stopped;
    });
    this.progress = made.ok ? { type: 'done', freed: made.value, stopped: this.stopped } : { type: 'failed', error: made.error };
    if (!made.ok || made.value.files === 0) return;
    this.dispatchEvent(new CustomEvent('room-made'));
    // What waits to be saved is tried at once in the room that is there now.
    await this.app.retry();
  };
}
