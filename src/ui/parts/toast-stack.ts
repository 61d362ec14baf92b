import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { icon } from '#ui/icon.ts';
import type { Notice } from '#ui/shell.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';

/** Long enough to read, and with an Undo to be reached by keyboard. Focus and pointer stop the time. */
const PLAIN_MS = 6_000;
const UNDO_MS = 15_000;
const MOST = 3;

interface Toast {
  readonly notice: Notice;
  readonly key: number;
}

/** Messages in the corner, the newest at the bottom. The region is live, so it is read out without taking the focus. */
@customElement('toast-stack')
export class ToastStack extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      :host {
        position: fixed;
        z-index: 20;
        inset: auto auto 2.75rem 50%;
        transform: translateX(-50%);
        inline-size: min(28rem, 100vw - 2rem);
        pointer-events: none;
      }

      section {
        display: grid;
        gap: var(--space-2);
      }

      .toast {
        display: flex;
        align-items: center;
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

      p {
        flex: 1;
        overflow-wrap: anywhere;
      }

      @keyframes rise {
        from {
          opacity: 0;
          transform: translateY(0.5rem);
        }
      }

      @media (max-width: 45rem) {
        :host {
          inset-block-end: calc(6.5rem + env(safe-area-inset-bottom));
        }
      }
    `,
  ];

  @state() private toasts: readonly Toast[] = [];
  private nextKey = 0;
  private readonly timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(notice: Notice): void {
    const toast = { notice, key: this.nextKey++ };
    this.toasts = [...this.toasts, toast].slice(-MOST);
    this.startTimer(toast);
  }

  override render(): TemplateResult {
    return html`<section aria-label="Messages" aria-live="polite">
      ${repeat(
        this.toasts,
        ({ key }) => key,
        (toast) => this.toast(toast),
      )}
    </section>`;
  }

  private toast(toast: Toast): TemplateResult {
    const { text, tone, undo } = toast.notice;
    const stop = (): void => clearTimeout(this.timers.get(toast.key));
    const start = (): void => this.startTimer(toast);
    return html`<div class="toast ${tone ?? 'plain'}" @pointerenter=${stop} @pointerleave=${start} @focusin=${stop} @focusout=${start}>
      <p>${text}</p>
      ${
        undo
          ? html`<button @click=${() => {
              this.dismiss(toast.key);
              undo();
            }}>${icon('undo-2')}Undo</button>`
          : nothing
      }
      <button class="quiet square" aria-label="Dismiss" @click=${() => this.dismiss(toast.key)}>${icon('x')}</button>
    </div>`;
  }

  private startTimer({ key, notice }: Toast): void {
    clearTimeout(this.timers.get(key));
    this.timers.set(
      key,
      setTimeout(() => this.dismiss(key), notice.undo ? UNDO_MS : PLAIN_MS),
    );
  }

  private dismiss(key: number): void {
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    this.toasts = this.toasts.filter((toast) => toast.key !== key);
  }
}
