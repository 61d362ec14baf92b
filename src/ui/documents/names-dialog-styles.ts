import { css } from 'lit';

/** A list of names that scrolls by itself, between a search field and what an act has come to. */
export const namesDialogStyles = css`
  dialog {
    block-size: min(40rem, 100dvh - 2rem);
  }

  dialog[open] {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    grid-template-rows: auto auto minmax(0, 1fr) auto;
    gap: var(--space-3);
  }

  header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-2);
  }

  .field {
    position: relative;
  }

  .field .icon {
    position: absolute;
    inset: 0 auto 0 0.65rem;
    block-size: 100%;
    color: var(--ink-3);
    pointer-events: none;
  }

  .field input {
    inline-size: 100%;
    padding-inline-start: 2.25rem;
  }

  .rows {
    overflow-y: auto;
    margin-inline: calc(-1 * var(--space-1));
    padding-inline: var(--space-1);
    overscroll-behavior: contain;
  }

  li {
    display: flex;
    align-items: center;
    gap: var(--space-1);
    min-block-size: var(--target);
    padding-block: 0.1rem;
    border-block-end: 1px solid var(--line);
  }

  .name {
    flex: 1;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  .count {
    flex: none;
    padding-inline-end: var(--space-2);
    color: var(--ink-3);
    font-size: var(--text-s);
    font-variant-numeric: tabular-nums;
  }

  .edit form {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
    inline-size: 100%;
    padding-block: var(--space-2);
  }

  .edit input {
    flex: 1 1 10rem;
    min-inline-size: 0;
  }

  .edit p {
    flex-basis: 100%;
    color: var(--ink-2);
    font-size: var(--text-s);
  }

  .edit p:empty {
    display: none;
  }

  .edit .bad {
    color: var(--bad);
  }

  .quiet-text {
    padding-block: var(--space-3);
    color: var(--ink-2);
  }

  .foot {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2) var(--space-3);
    color: var(--ink-2);
    font-size: var(--text-s);
  }

  .foot p {
    flex: 1;
  }

  .foot:empty {
    display: none;
  }

  progress {
    flex: 1;
  }
`;
