import { css } from 'lit';

/** The native dialog: centred by default, full screen on a phone with the class `sheet`. */
export const dialogStyles = css`
  dialog {
    inline-size: min(30rem, 100vw - 2rem);
    max-block-size: calc(100dvh - 2rem);
    padding: var(--space-5);
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
    background: var(--surface-raised);
    color: var(--ink);
    box-shadow: var(--shadow-2);
    overflow: auto;
  }

  dialog::backdrop {
    background: var(--backdrop);
  }

  dialog h2 {
    font-size: var(--text-xl);
    line-height: 1.3;
  }

  dialog form {
    display: grid;
    gap: var(--space-4);
  }

  dialog .actions {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: var(--space-2);
  }

  @container (max-width: 45rem) {
    dialog.sheet {
      inline-size: 100vw;
      max-inline-size: none;
      block-size: 100dvh;
      max-block-size: none;
      border: 0;
      border-radius: 0;
    }
  }
`;

/** A list of names in a dialog: framed, a line each, and it scrolls by itself. */
export const dialogListStyles = css`
  ul {
    max-block-size: 40vh;
    overflow-y: auto;
    padding: var(--space-2) var(--space-3);
    border: 1px solid var(--line);
    border-radius: var(--radius-m);
  }

  li {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
`;
