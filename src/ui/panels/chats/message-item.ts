import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { RunningAnswer } from '#app/chat/chats.ts';
import { readReference } from '#core/blobs.ts';
import { type Attachment, statsText } from '#entities/message-content.ts';
import type { ChatMessage } from '#features/chat/chat-message.ts';
import type { EndReason } from '#features/chat/end-reason.ts';
import '#ui/parts/kept-file.ts';
import { fitHeight, growing } from '#ui/parts/growing.ts';
import { icon } from '#ui/parts/icon.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { chatErrorText } from '#ui/text/chat-error-text.ts';
import { isComposing } from '#ui/text/composing.ts';
import { takeText } from '#ui/text/take-text.ts';
import { clockTime, fullTime } from '#ui/text/time-text.ts';
import './answer-text.ts';
import { messageStyles } from './message-styles.ts';

/**
 * One message: what was said, its state, and what can be done with it. Fires `ask` (again), `edit` with each letter of the edited text,
 * `resend` with all of it, `give-up` with what was not sent of it, `choose` with a sibling's id, `copy`, and `go-on` for an answer that its
 * limit has cut off.
 */
@customElement('message-item')
export class MessageItem extends LitElement {
  static override styles = [baseStyles, controlStyles, messageStyles];

  @property({ attribute: false }) message!: ChatMessage;
  @property({ attribute: false }) siblings: readonly string[] = [];
  /** Set while this message is the answer that runs. */
  @property({ attribute: false }) running: RunningAnswer | undefined;
  @property({ attribute: false }) deviceId = '';
  /** This prompt is being asked in this tab. */
  @property({ type: Boolean }) asked = false;
  /** It is being asked in another tab of this browser. */
  @property({ type: Boolean }) elsewhere = false;
  /** This tab is at it, or has just brought it to its end. */
  @property({ type: Boolean }) settling = false;
  /** Nothing follows a prompt although it is not being asked. */
  @property({ type: Boolean }) unanswered = false;
  /** Its chat is in the bin. */
  @property({ type: Boolean }) binned = false;
  /** Nothing follows it. */
  @property({ type: Boolean }) last = false;
  /** The text as it is being edited; '' where it is not, or not changed yet. */
  @property() draft = '';
  @state() private editing = false;
  @query('textarea') private field!: HTMLTextAreaElement | null;

  override willUpdate(changed: PropertyValues<this>): void {
    // A field that was emptied here is still being edited.
    if (changed.has('draft')) this.editing = this.draft !== '' || this.field?.value === '';
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('draft') && this.draft !== '') this.fill(this.draft);
  }

  override render(): TemplateResult {
    const { message, running } = this;
    const isUser = message.role === 'user';
    const name = isUser ? 'You' : 'Answer';
    return html`<article class=${isUser ? 'user' : 'answer'} aria-label=${name}>
      ${this.editing ? this.editor() : html`<div class="body">${isUser ? this.prompt() : this.answer()}</div>`}
      ${this.stateLine()}
      ${this.editing || running ? nothing : this.foot(isUser)}
    </article>`;
  }

  private prompt(): TemplateResult {
    const { text } = this.message;
    return html`
      ${this.files()}
      ${text === '' ? nothing : html`<div class="plain" dir="auto">${text}</div>`}
    `;
  }

  private files(): TemplateResult | typeof nothing {
    const { attachments } = this.message;
    return attachments.length > 0 ? html`<div class="images">${attachments.map(shownFile)}</div>` : nothing;
  }

  private answer(): TemplateResult {
    const { text, reasoning, images } = this.running ?? this.message;
    const isThinking = this.running !== undefined && text === '';
    return html`
      ${
        reasoning === ''
          ? nothing
          : html`<details>
              <summary>${icon('brain')}Thought process<span class="turn">${icon('chevron-down')}</span></summary>
              <div class="thought" dir="auto">${reasoning}</div>
            </details>`
      }
      ${text === '' ? nothing : html`<answer-text .text=${text}></answer-text>`}
      ${isThinking ? html`<span class="thinking">${reasoning === '' ? 'Waiting for the model…' : 'Thinking…'}</span>` : nothing}
      ${images.length > 0 ? html`<div class="images">${images.map(generatedImage)}</div>` : nothing}
      ${text === '' && images.length === 0 && !this.running && this.message.state === 'complete' ? silence(this.message) : nothing}
    `;
  }

  private editor(): TemplateResult {
    return html`<form class="body" aria-label="Edit the prompt" @submit=${this.onResend}>
      ${this.files()}
      <textarea ${growing()} dir="auto" aria-label="Edited prompt" @input=${this.onEdit} @keydown=${this.onEditKey}></textarea>
      <div class="row">
        <button type="button" @click=${this.giveUp}>Cancel</button>
        <button class="primary">Resend</button>
      </div>
    </form>`;
  }

  /** The state of a message that is not simply complete. */
  private stateLine(): TemplateResult | typeof nothing {
    const { state, failure, waitingDevice, role } = this.message;
    if (this.running || this.asked || this.editing) return nothing;
    if (this.elsewhere) return html`<p class="thinking" role="status">The answer comes in another tab…</p>`;
    if (state === 'waiting') {
      const isHere = waitingDevice === this.deviceId;
      return html`<div class="note wait">
        ${icon('cloud-off')}
        <p>${waitingText(isHere, this.binned)}</p>
        <button @click=${() => this.fire('ask')}>${isHere ? 'Ask now' : 'Ask here instead'}</button>
      </div>`;
    }
    if (failure && (state === 'failed' || state === 'partial')) {
      const { title, advice, settings } = chatErrorText(failure);
      return html`<div class="note ${failure.type === 'Stopped' ? '' : 'bad'}" role=${failure.type === 'Stopped' ? nothing : 'alert'}>
        ${icon('circle-alert')}
        <p><strong>${title}.</strong> ${advice}</p>
        ${settings ? html`<a class="button" href="/settings/model-server">Model server</a>` : nothing}
        <button @click=${() => this.fire('ask')}>${icon('rotate-ccw')}Retry</button>
      </div>`;
    }
    if ((state === 'partial' || (role === 'user' && this.unanswered)) && !this.settling) {
      return html`<div class="note">
        ${icon('circle-alert')}
        <p>${state === 'partial' ? 'Interrupted: the answer did not come to its end.' : 'Interrupted before an answer came.'}</p>
        <button @click=${() => this.fire('ask')}>${icon('rotate-ccw')}Retry</button>
      </div>`;
    }
    return role === 'assistant' ? html`${this.unseen()}${this.ending()}` : nothing;
  }

  /** The model was asked without pictures. */
  private unseen(): TemplateResult | typeof nothing {
    const unseen = this.message.stats?.unseen;
    if (unseen === undefined) return nothing;
    return html`<div class="note">
      ${icon('circle-alert')}
      <p>The model takes no pictures: it was given ${unseen === 1 ? 'the name of the picture' : `the names of ${unseen} pictures`} alone. Choose another model to have ${unseen === 1 ? 'it' : 'them'} looked at.</p>
    </div>`;
  }

  /** Why an answer ended, where that is not simply its end. */
  private ending(): TemplateResult | typeof nothing {
    const { finish, text } = this.message;
    const words = finish === null ? undefined : ENDINGS[finish];
    if (words === undefined) return nothing;
    const canGoOn = finish === 'length' && this.last;
    return html`<div class="note">
      ${icon('circle-alert')}
      <p>${words}</p>
      ${canGoOn && text !== '' ? html`<button @click=${() => this.fire('go-on')}>${icon('arrow-right')}Continue</button>` : nothing}
      ${canGoOn && text === '' ? html`<button @click=${() => this.fire('ask')}>${icon('rotate-ccw')}Retry</button>` : nothing}
    </div>`;
  }

  private foot(isUser: boolean): TemplateResult {
    const { message } = this;
    return html`<div class="foot">
      ${this.siblings.length > 1 ? this.branches() : nothing}
      <button class="quiet square" aria-label="Copy" title="Copy" @click=${() => this.fire('copy')}>${icon('copy')}</button>
      ${
        isUser
          ? html`<button data-heir class="quiet square" aria-label="Edit and resend" title="Edit and resend" @click=${this.startEdit}>${icon('pencil')}</button>`
          : html`<button class="quiet square" aria-label="Ask again" title="Ask again" @click=${() => this.fire('ask')}>${icon('refresh-cw')}</button>`
      }
      <time class="words" datetime=${new Date(message.createdAt).toISOString()} title=${fullTime(message.createdAt)}>
        ${clockTime(message.createdAt, Date.now())}
      </time>
      ${isUser || message.model === '' ? nothing : html`<span class="words">${message.model}</span>`}
      ${message.stats ? html`<span class="words">${statsText(message.stats)}</span>` : nothing}
    </div>`;
  }

  private branches(): TemplateResult {
    const { siblings, message } = this;
    const at = siblings.indexOf(message.id);
    const choose = (index: number) => () => this.fire('choose', siblings[index]);
    return html`<span class="branch" role="group" aria-label="Versions">
      <button class="quiet square" aria-label="Previous version" ?disabled=${at <= 0} @click=${choose(at - 1)}>${icon('chevron-left')}</button>
      <span aria-label="Version ${at + 1} of ${siblings.length}" role="img">${at + 1}/${siblings.length}</span>
      <button class="quiet square" aria-label="Next version" ?disabled=${at >= siblings.length - 1} @click=${choose(at + 1)}>
        ${icon('chevron-right')}
      </button>
    </span>`;
  }

  private fill(text: string): void {
    if (!this.field) return;
    takeText(this.field, text);
    fitHeight(this.field);
  }

  private readonly startEdit = async (): Promise<void> => {
    this.editing = true;
    await this.updateComplete;
    this.fill(this.message.text);
    this.field?.focus();
  };

  private readonly onEdit = (): void => this.fire('edit', this.field?.value ?? '');

  private readonly giveUp = (): void => {
    this.editing = false;
    this.fire('give-up', this.field?.value ?? '');
  };

  private readonly onEditKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && !isComposing(event)) this.giveUp();
  };

  private readonly onResend = (event: SubmitEvent): void => {
    event.preventDefault();
    const text = this.field?.value.trim() ?? '';
    if (text === '' && this.message.attachments.length === 0) return;
    this.editing = false;
    this.fire('resend', text);
  };

  private fire(name: 'ask' | 'edit' | 'resend' | 'give-up' | 'choose' | 'copy' | 'go-on', detail = ''): void {
    this.dispatchEvent(new CustomEvent<string>(name, { detail }));
  }
}

function waitingText(isHere: boolean, isBinned: boolean): string {
  if (isBinned) return 'Waits. It is asked when the chat is restored and there is a network.';
  return isHere
    ? 'Waits for the network on this device. It is asked when the network returns.'
    : 'Waits for the network on another device.';
}

const ENDINGS: { readonly [R in EndReason]?: string } = {
  length: 'The answer ends here because it reached the limit of tokens.',
  content_filter: 'The content filter of the server ended this answer.',
  refusal: 'The model declined to answer. Ask in other words, or choose another model.',
  tool_calls: 'The model asked for a tool, and there is none here. Ask in other words, or choose another model.',
};

/** An answer without text. */
const silence = ({ reasoning, finish }: ChatMessage): TemplateResult | typeof nothing =>
  finish !== null && ENDINGS[finish] !== undefined
    ? nothing
    : html`<p class="note">${reasoning === '' ? 'The model said nothing.' : 'The model thought, and gave no answer.'}</p>`;

/** Nothing is fetched from elsewhere behind the reader's back: a picture that is not here yet is a link. */
const generatedImage = (address: string): TemplateResult | typeof nothing =>
  readReference(address) || address.startsWith('data:')
    ? shownFile({ name: 'Generated image', address, isPicture: true })
    : // Without a host it names nothing here.
      /^https?:/i.test(address)
      ? html`<a href=${address} target="_blank" rel="noopener noreferrer">Generated image</a>`
      : nothing;

function shownFile({ name, address, isPicture }: Pick<Attachment, 'name' | 'address' | 'isPicture'>): TemplateResult {
  const reference = readReference(address);
  return reference
    ? html`<kept-file hash=${reference.hash} extension=${reference.extension} ?picture=${isPicture}>${name}</kept-file>`
    : html`<kept-file extension=${/^data:image\/([a-z]+)/i.exec(address)?.[1] ?? ''} ?picture=${isPicture} .data=${address}>${name}</kept-file>`;
}
