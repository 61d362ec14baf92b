import { css } from 'lit';

export const messageComposerStyles = css`
  /* As wide as the messages above it, whose scrollbar takes its room. */
  :host {
    container-type: inline-size;
    overflow-y: auto;
    scrollbar-gutter: stable;
  }

  form {
    display: grid;
    gap: var(--space-2);
    max-inline-size: calc(var(--measure) + 2 * var(--space-4));
    margin-inline: auto;
    padding: var(--space-2) var(--space-4) var(--space-3);
  }

  .box {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    align-items: end;
    gap: var(--space-1);
    padding: var(--space-1);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-l);
    background: var(--surface-raised);
  }

  .box:focus-within {
    border-color: var(--accent-ink);
    outline: 1px solid var(--accent-ink);
  }

  .over .box {
    border-style: dashed;
    border-color: var(--accent-ink);
  }

  textarea {
    field-sizing: content;
    min-block-size: 2.25rem;
    max-block-size: 40vh;
    padding: 0.4rem var(--space-2);
    border: 0;
    background: none;
    font-size: 1rem;
    resize: none;
  }

  textarea::placeholder {
    white-space: nowrap;
  }

  /* The box around it shows the focus. */
  textarea:focus-visible {
    outline: none;
  }

  .box button {
    min-block-size: 2.25rem;
    min-inline-size: 2.25rem;
  }

  .add {
    display: flex;
  }

  /* Other devices have a camera of their own in the dialog of the browser, or none. */
  button.camera {
    display: none;
  }

  ul {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(10rem, 100%), 1fr));
    gap: var(--space-2);
    max-block-size: 30vh;
    overflow-y: auto;
  }

  .waits:empty {
    display: none;
  }

  .waits,
  .hint {
    color: var(--ink-3);
    font-size: var(--text-xs);
    text-align: center;
  }

  input[type="file"] {
    display: none;
  }

  @media (pointer: coarse) {
    .hint {
      display: none;
    }

    button.camera {
      display: inline-flex;
    }
  }

  /* The width is for what is written. */
  @container (max-width: 22rem) {
    form {
      padding-inline: var(--space-2);
    }

    .box button span {
      display: none;
    }
  }

  /* Filled: an empty square would be a check box. */
  .stop .icon {
    fill: currentcolor;
  }
`;
