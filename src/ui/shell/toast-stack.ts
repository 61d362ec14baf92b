import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { keyboardBlock, seenHeight } from '#ui/controllers/above-keyboard.ts';
import { focusedElement } from '#ui/controllers/focused.ts';
import { messagesAt } from '#ui/controllers/under-messages.ts';
import { icon } from '#ui/parts/icon.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import type { Notice } from './shell.ts';

/** Long enough to read, and with an Undo to be reached by keyboard. Focus and pointer stop the time. */
const PLAIN_MS = 6_000;
const UNDO_MS = 15_000;
const LONG_MS = 20_000;
const MAX = 3;
/** One message for so much of the height that is seen, in rem: the others come in their turn. */
const HEIGHT_OF_ONE = 15;

interface Toast {
  readonly notice: Notice;
  readonly key: number;
}

/**
 * Messages above the status bar, the newest at the bottom. The region is live, so it is read out without taking the
 * focus. Fires `focus-lost` when a message with the focus goes and nothing is there to take it back.
 */
@customElement('toast-stack')
export class ToastStack extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        inline-size: min(28rem, 100vw - 2rem);
        pointer-events: none;
      }

      section {
        display: grid;
        gap: var(--space-2);
      }

      .toast {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: end;
        gap: var(--space-3);
        padding: var(--space-2) var(--space-2) var(--space-2) var(--space-4);
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        background: var(--surface-raised);
        box-shadow: var(--shadow-2);
        pointer-events: auto;
        animation: rise 160ms ease-out;
      }

      .bad {
        border-color: var(--bad);
      }

      /* Where the buttons would leave less than this, they go below. */
      p {
        flex: 1 1 9rem;
        /* Half a line more shows that there are others. */
        max-block-size: calc(max(2lh, round(down, var(--most-block), 1lh)) + 0.5lh);
        overflow-y: auto;
        overflow-wrap: anywhere;
      }

      @keyframes rise {
        from {
          opacity: 0;
          transform: translateY(0.5rem);
        }
      }
    `,
  ];

  @state() private toasts: readonly Toast[] = [];
  /** So many of them are shown, the newest. */
  @state() private most = MAX;
  private nextKey = 0;
  /** What had the focus when the last message came: it gets it back when the message goes. */
  private cameFrom: Element | null = null;
  private readonly timers = new Map<number, ReturnType<typeof setTimeout>>();

  constructor() {
    super();
    keyboardBlock(this);
    messagesAt(this);
    seenHeight(this, this.fit);
  }

  show(notice: Notice): void {
    const toast = { notice, key: this.nextKey++ };
    if (!this.matches(':focus-within')) this.cameFrom = focusedElement();
    this.toasts = makeRoom([...this.toasts, toast]);
    for (const key of this.timers.keys()) if (!this.toasts.some((other) => other.key === key)) this.stopTimer(key);
    this.startTimer(toast);
  }

  override render(): TemplateResult {
    return html`<section aria-label="Messages" aria-live="polite">
      ${repeat(
        this.shown(),
        ({ key }) => key,
        (toast) => this.toast(toast),
      )}
    </section>`;
  }

  /** The one with the focus stays. */
  private shown(): readonly Toast[] {
    const focused = this.shadowRoot?.activeElement?.closest<HTMLElement>('.toast')?.dataset['key'];
    return this.toasts.filter(({ key }, at) => at >= this.toasts.length - this.most || String(key) === focused);
  }

  private readonly fit = (height: number): void => {
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    this.most = Math.min(MAX, Math.max(1, Math.floor(height / (HEIGHT_OF_ONE * rem))));
    // A long one is scrolled: what one writes stays in sight.
    this.style.setProperty('--most-block', `${Math.round(this.getBoundingClientRect().bottom / 4)}px`);
  };

  private toast(toast: Toast): TemplateResult {
    const { text, tone, undo, undoLabel } = toast.notice;
    return html`<div class="toast ${tone ?? 'plain'}" data-key=${toast.key} @mousedown=${keepFocus} @pointerenter=${() => this.stopTimer(toast.key)} @pointerleave=${(event: PointerEvent) => this.goOn(event, toast)}
      @focusin=${() => this.stopTimer(toast.key)} @focusout=${(event: FocusEvent) => this.goOn(event, toast)}>
      <p>${text}</p>
      ${
        undo
          ? html`<button @click=${() => {
              this.dismiss(toast.key);
              undo();
            }}>${undoLabel ?? html`${icon('undo-2')}Undo`}</button>`
          : nothing
      }
      <button class="quiet square" aria-label="Dismiss" @click=${() => this.dismiss(toast.key)}>${icon('x')}</button>
    </div>`;
  }

  /** The time runs on when neither the pointer nor the focus is on the message any more. */
  private goOn(event: Event, toast: Toast): void {
    const element = event.currentTarget as HTMLElement;
    const to = event instanceof FocusEvent ? event.relatedTarget : null;
    const keepsFocus =
      event instanceof FocusEvent ? to instanceof Node && element.contains(to) : element.matches(':focus-within');
    const keepsPointer = event instanceof FocusEvent && element.matches(':hover');
    if (!keepsFocus && !keepsPointer) this.startTimer(toast);
  }

  private startTimer({ key, notice }: Toast): void {
    this.stopTimer(key);
    this.timers.set(
      key,
      setTimeout(() => this.dismiss(key), notice.isLong ? LONG_MS : notice.undo ? UNDO_MS : PLAIN_MS),
    );
  }

  private stopTimer(key: number): void {
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
  }

  private dismiss(key: number): void {
    this.stopTimer(key);
    const hadFocus = this.matches(':focus-within');
    this.toasts = this.toasts.filter((toast) => toast.key !== key);
    if (!hadFocus) return;
    if (this.cameFrom instanceof HTMLElement && this.cameFrom.isConnected) this.cameFrom.focus();
    else this.dispatchEvent(new CustomEvent('focus-lost'));
  }
}

/**
 * Who presses a button of a message goes on where they were. With the focus the row over a phone's keyboard would go, and the message
 * come down, between the press and the click: the click was lost.
 */
function keepFocus(event: Event): void {
  if (event.target instanceof Element && event.target.closest('button')) event.preventDefault();
}

/** Too many at once: a plain message goes before one that offers to take something back. */
function makeRoom(toasts: readonly Toast[]): readonly Toast[] {
  if (toasts.length <= MAX) return toasts;
  const plain = toasts.findIndex(({ notice }) => !notice.undo && notice.tone !== 'bad');
  return toasts.toSpliced(plain < 0 || plain === toasts.length - 1 ? 0 : plain, 1);
}
