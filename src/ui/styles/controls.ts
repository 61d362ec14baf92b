import { css } from 'lit';

/** Buttons, fields and chips. Variants are classes: `primary`, `danger`, `quiet`, `square`. */
export const controlStyles = css`
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--space-2);
    min-block-size: var(--target);
    min-inline-size: var(--target);
    padding: 0.2rem var(--space-3);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-m);
    background: var(--surface-raised);
    color: var(--ink);
    font: inherit;
    font-size: var(--text-m);
    font-weight: 500;
    line-height: 1.3;
    text-decoration: none;
    white-space: nowrap;
    cursor: pointer;
    transition: background-color var(--quick);
  }

  /* A finger leaves its hover behind. */
  @media (hover: hover) {
    button:hover:not(:disabled),
    .button:hover {
      background: var(--surface-hover);
    }

    button.primary:hover:not(:disabled),
    .button.primary:hover {
      background: var(--accent-hover);
    }

    .quiet:hover:not(:disabled) {
      color: var(--ink);
    }
  }

  button:disabled {
    opacity: 0.55;
    cursor: default;
  }

  .primary {
    border-color: transparent;
    background: var(--accent);
    color: var(--on-accent);
    font-weight: var(--weight-strong);
  }

  .danger {
    border-color: var(--bad);
    color: var(--bad);
  }

  .quiet {
    border-color: transparent;
    background: transparent;
    color: var(--ink-2);
  }

  .square {
    padding: 0;
  }

  input:not([type="radio"], [type="checkbox"]),
  textarea,
  select {
    min-block-size: var(--target);
    padding: 0.3rem var(--space-3);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-m);
    background: var(--surface-raised);
    color: var(--ink);
    font: inherit;
    font-size: max(var(--text-m), 0.875rem);
    max-inline-size: 100%;
  }

  textarea {
    line-height: var(--leading);
    resize: vertical;
  }

  ::placeholder {
    color: var(--ink-3);
    opacity: 1;
  }

  /* iOS zooms into a focused field whose text is smaller than 16 px. */
  @media (pointer: coarse) {
    input:not([type="radio"], [type="checkbox"]),
    textarea,
    select {
      font-size: 1rem;
    }
  }

  label.field {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-1);
    color: var(--ink-2);
    font-size: var(--text-s);
    font-weight: 500;
  }

  input[type="checkbox"][role="switch"] {
    position: relative;
    flex: none;
    inline-size: 2rem;
    block-size: 1.125rem;
    margin: 0;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-full);
    background: var(--surface-sunken);
    appearance: none;
  }

  input[type="checkbox"][role="switch"]::before {
    content: "";
    position: absolute;
    inset-block: 2px;
    inset-inline: 2px auto;
    aspect-ratio: 1;
    border-radius: 50%;
    background: var(--ink-3);
  }

  input[type="checkbox"][role="switch"]:checked {
    border-color: var(--accent);
    background: var(--accent);
  }

  input[type="checkbox"][role="switch"]:checked::before {
    inset-inline: auto 2px;
    background: var(--on-accent);
  }

  @media (forced-colors: active) {
    input[type="checkbox"][role="switch"] {
      appearance: auto;
    }

    input[type="checkbox"][role="switch"]::before {
      display: none;
    }
  }

  .chip {
    display: inline-flex;
    align-items: center;
    gap: var(--space-1);
    padding: 0.05rem var(--space-2);
    border-radius: var(--radius-full);
    background: var(--surface-hover);
    color: var(--ink-2);
    font-size: var(--text-xs);
    line-height: 1.5;
  }
`;
