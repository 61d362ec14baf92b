import { css } from 'lit';

/** A section is a heading and a stack of cards. */
export const sectionStyles = css`
  :host {
    display: grid;
    gap: var(--space-5);
  }

  h2 {
    font-size: var(--text-xl);
    line-height: 1.3;
  }

  h3 {
    font-size: var(--text-l);
  }

  h4 {
    margin-block-start: var(--space-3);
    font-size: var(--text-m);
  }

  .card {
    display: grid;
    justify-items: start;
    gap: var(--space-3);
    padding: var(--space-5);
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
    background: var(--surface);
  }

  .card > * {
    max-inline-size: 100%;
  }

  .card p,
  .hint {
    max-inline-size: 40rem;
    color: var(--ink-2);
  }

  .hint {
    font-size: var(--text-s);
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2);
  }

  form {
    display: grid;
    justify-items: start;
    gap: var(--space-3);
    inline-size: 100%;
  }

  form label.field {
    inline-size: min(22rem, 100%);
  }

  form label.wide {
    inline-size: 100%;
  }

  fieldset {
    display: grid;
    gap: var(--space-2);
    margin: 0;
    padding: 0;
    border: 0;
  }

  legend {
    padding: 0;
    color: var(--ink-2);
    font-size: var(--text-s);
    font-weight: 500;
  }

  label.choice {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    min-block-size: 1.5rem;
  }

  label.choice input {
    margin: 0;
  }

  fieldset .hint {
    padding-inline-start: 1.4rem;
  }

  .problem {
    padding: var(--space-2) var(--space-3);
    border-radius: var(--radius-m);
    background: var(--bad-surface);
    color: var(--ink);
  }

  .note {
    padding: var(--space-2) var(--space-3);
    border-radius: var(--radius-m);
    background: var(--warn-surface);
    color: var(--ink) !important;
  }

  .done {
    color: var(--good) !important;
  }

  @media (max-width: 45rem) {
    .card {
      padding: var(--space-4);
    }
  }
`;

/** A list in a card: what each row is on the left, what can be done with it on the right. */
export const rowListStyles = css`
  ul {
    display: grid;
    inline-size: 100%;
  }

  li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2) var(--space-3);
    padding-block: var(--space-2);
    border-block-end: 1px solid var(--line);
  }

  li div {
    flex: 1 1 12rem;
  }
`;
