import { type CSSResultGroup, css } from 'lit';
import { baseStyles } from './base.ts';
import { controlStyles } from './controls.ts';
import { skeletonStyles } from './skeleton.ts';

const layout = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-4);
  }

  h2 {
    font-size: var(--text-xl);
    line-height: 1.3;
  }

  h3 {
    font-size: var(--text-l);
    line-height: 1.4;
    overflow-wrap: anywhere;
  }

  h4 {
    font-size: var(--text-m);
  }

  .card > h4 {
    margin-block-start: var(--space-3);
  }

  .card {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    justify-items: start;
    gap: var(--space-3);
    min-inline-size: 0;
    padding: var(--space-5);
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
    background: var(--surface);
  }

  .card > * {
    max-inline-size: 100%;
  }

  /* In a bar a button is one line; here it may need two, with large text on a narrow screen. */
  .card button,
  .card .button,
  .empty button {
    max-inline-size: 100%;
    white-space: normal;
  }

  /* What holds other things fills the card, what is read or pressed is as wide as it needs. */
  .card > :where(div, dl, ul, ol, form, fieldset) {
    inline-size: 100%;
  }

  .card :where(p),
  .hint {
    max-inline-size: 44rem;
    color: var(--ink-2);
  }

  .card .hint,
  form .hint {
    font-size: var(--text-s);
  }

  .small {
    color: var(--ink-3);
    font-size: var(--text-s);
  }

  .head,
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2);
  }

  .head h2 {
    flex: 1 1 auto;
  }

  .stack {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-4);
  }

  .empty {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-2);
    padding: var(--space-6) var(--space-5);
    border: 1px dashed var(--line-strong);
    border-radius: var(--radius-l);
    color: var(--ink-2);
  }

  .bones {
    display: grid;
    gap: var(--space-3);
    max-inline-size: 30rem;
  }

  .problem,
  .note {
    padding: var(--space-2) var(--space-3);
    border-radius: var(--radius-m);
    color: var(--ink);
  }

  .problem {
    background: var(--bad-surface);
  }

  .note {
    background: var(--warn-surface);
  }

  .bad {
    color: var(--bad);
  }

  .warn {
    color: var(--warn);
  }

  .good,
  .done {
    color: var(--good);
  }

  @container (max-width: 45rem) {
    .card {
      padding: var(--space-4);
    }

    .head h2 {
      flex-basis: 100%;
    }
  }
`;

/** A section of a panel: a heading, and a stack of cards. */
export const sectionStyles: CSSResultGroup = [baseStyles, controlStyles, skeletonStyles, layout];

/** A card that says how things are, by the colour of its edge: `good`, `warn`, `bad`. */
export const toneStyles = css`
  .toned {
    border-inline-start: 4px solid var(--line-strong);
    color: var(--ink);
  }

  .toned p {
    color: var(--ink);
  }

  .toned.good {
    border-inline-start-color: var(--good);
  }

  .toned.warn {
    border-inline-start-color: var(--warn);
    background: var(--warn-surface);
  }

  .toned.bad {
    border-inline-start-color: var(--bad);
    background: var(--bad-surface);
  }

  .good > .icon {
    color: var(--good);
  }

  .warn > .icon {
    color: var(--warn);
  }

  .bad > .icon {
    color: var(--bad);
  }
`;
