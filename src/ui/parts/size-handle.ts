import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { baseStyles } from '#ui/styles/base.ts';

const STEP_PX = 16;

/** The line between two columns, to be dragged or moved with the arrow keys. Fires `size` with the width in px. */
@customElement('size-handle')
export class SizeHandle extends LitElement {
  static override styles = [
    baseStyles,
    css`
      div {
        position: relative;
        inline-size: 1px;
        block-size: 100%;
        background: var(--line);
        cursor: col-resize;
        touch-action: none;
      }

      /* Wider to the hand than to the eye. */
      div::before {
        content: "";
        position: absolute;
        z-index: 1;
        inset: 0 -4px;
      }

      div:hover,
      div:focus-visible,
      .dragging {
        background: var(--accent);
        outline: 1px solid var(--accent);
        outline-offset: 0;
      }
    `,
  ];

  @property() label = '';
  @property({ type: Number }) value = 0;
  @property({ type: Number }) min = 0;
  @property({ type: Number }) max = 0;
  private start: { readonly x: number; readonly value: number } | undefined;

  override render(): TemplateResult {
    return html`<div role="separator" tabindex="0" aria-orientation="vertical" aria-label=${this.label}
      aria-valuenow=${Math.round(this.value)} aria-valuemin=${this.min} aria-valuemax=${this.max}
      @pointerdown=${this.onDown} @pointermove=${this.onMove} @pointerup=${this.onUp} @pointercancel=${this.onUp}
      @keydown=${this.onKey}></div>`;
  }

  private resize(value: number): void {
    const next = Math.round(Math.max(this.min, Math.min(this.max, value)));
    if (next === this.value) return;
    this.value = next;
    this.dispatchEvent(new CustomEvent<number>('size', { detail: next }));
  }

  private readonly onDown = (event: PointerEvent): void => {
    const handle = event.currentTarget as HTMLElement;
    handle.setPointerCapture(event.pointerId);
    handle.classList.add('dragging');
    this.start = { x: event.clientX, value: this.value };
  };

  private readonly onMove = (event: PointerEvent): void => {
    if (this.start) this.resize(this.start.value + event.clientX - this.start.x);
  };

  private readonly onUp = (event: PointerEvent): void => {
    (event.currentTarget as HTMLElement).classList.remove('dragging');
    this.start = undefined;
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const next = {
      ArrowLeft: this.value - STEP_PX,
      ArrowRight: this.value + STEP_PX,
      Home: this.min,
      End: this.max,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.resize(next);
  };
}
