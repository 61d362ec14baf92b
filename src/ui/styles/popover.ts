import { css } from 'lit';

/** A native popover that its element places below, or above, what opens it. */
export const popoverStyles = css`
  [popover] {
    inset: auto;
    margin: 0;
    overflow-y: auto;
    padding: var(--space-1);
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
    background: var(--surface-raised);
    color: var(--ink);
    box-shadow: var(--shadow-2);
  }
`;
