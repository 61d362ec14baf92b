import { css } from 'lit';
import { keyStyles } from '#ui/styles/keys.ts';

export const paletteStyles = css`
  ${keyStyles}

  dialog {
    inline-size: min(40rem, 100vw - 2rem);
    max-block-size: min(36rem, 100dvh - 4rem);
    margin-block-start: min(12vh, 7rem);
    padding: 0;
    overflow: hidden;
  }

  dialog[open] {
    display: grid;
    grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
  }

  .field {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    padding: var(--space-2) var(--space-3) var(--space-2) var(--space-4);
    border-block-end: 1px solid var(--line);
  }

  .field > .icon {
    color: var(--ink-3);
  }

  .field input {
    flex: 1;
    min-inline-size: 0;
    min-block-size: 2.5rem;
    padding-inline: 0;
    border: 0;
    background: none;
    font-size: var(--text-l);
  }

  /* The caret shows where one writes, the marked row what Enter does: there is nothing else to focus. */
  .field input:focus-visible {
    outline: none;
  }

  [role="listbox"] {
    overflow-y: auto;
    overscroll-behavior: contain;
    padding: var(--space-2);
  }

  .heading {
    padding: var(--space-2) var(--space-3) var(--space-1);
    color: var(--ink-3);
    font-size: var(--text-xs);
    font-weight: var(--weight-strong);
  }

  [role="option"] {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    min-block-size: calc(var(--target) + 0.5rem);
    padding-inline: var(--space-3);
    border-radius: var(--radius-m);
    cursor: pointer;
  }

  [role="option"][aria-selected="true"] {
    background: var(--surface-selected);
    box-shadow: inset 3px 0 var(--accent);
  }

  @media (forced-colors: active) {
    [role="option"][aria-selected="true"] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }

  [role="option"] .icon {
    inline-size: 1rem;
    block-size: 1rem;
    color: var(--ink-3);
  }

  .name {
    flex: 1;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .aside {
    color: var(--ink-3);
    font-size: var(--text-xs);
    white-space: nowrap;
  }

  [aria-selected="true"] .aside {
    color: var(--ink-2);
  }

  .foot {
    padding: var(--space-2) var(--space-4) var(--space-3);
    color: var(--ink-2);
    font-size: var(--text-s);
  }

  .foot:empty {
    padding: 0;
  }

  @container (max-width: 45rem) {
    dialog {
      inline-size: 100vw;
      max-inline-size: none;
      max-block-size: 100dvh;
      margin: 0;
      border-width: 0 0 1px;
      border-radius: 0 0 var(--radius-l) var(--radius-l);
    }

    /* A finger has no keys. */
    .keys {
      display: none;
    }
  }
`;
