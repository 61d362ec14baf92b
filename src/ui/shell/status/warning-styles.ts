import { css } from 'lit';

/** Of a word in the status bar that leads to where something is to be done. */
export const warningStyles = css`
  a {
    display: inline-flex;
    align-items: center;
    gap: var(--space-2);
    min-block-size: 1.5rem;
    color: var(--warn);
  }

  .bad {
    color: var(--bad);
  }

  .icon {
    inline-size: 0.95rem;
    block-size: 0.95rem;
  }

  @media (pointer: coarse) {
    a {
      min-block-size: 2.75rem;
    }
  }
`;
