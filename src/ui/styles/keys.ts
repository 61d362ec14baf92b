import { css } from 'lit';

/** Keys of the keyboard: `<span class="keys"><kbd>Ctrl</kbd><kbd>K</kbd></span>`. */
export const keyStyles = css`
  .keys {
    display: inline-flex;
    gap: 3px;
    white-space: nowrap;
  }

  kbd {
    display: inline-grid;
    min-inline-size: 1.4rem;
    padding: 0.05rem 0.3rem;
    border: 1px solid var(--line);
    border-block-end-width: 2px;
    border-radius: var(--radius-s);
    background: var(--surface-sunken);
    color: var(--ink-2);
    font-family: var(--font-ui);
    font-size: var(--text-xs);
    text-align: center;
  }
`;
