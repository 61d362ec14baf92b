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

  ul {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
  }

  li {
    position: relative;
  }

  li img {
    block-size: 4rem;
    border: 1px solid var(--line);
    border-radius: var(--radius-m);
  }

  li button {
    position: absolute;
    inset: -0.4rem -0.4rem auto auto;
    min-block-size: 1.5rem;
    min-inline-size: 1.5rem;
    border-radius: var(--radius-full);
  }

  li button .icon {
    inline-size: 0.875rem;
    block-size: 0.875rem;
  }

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
