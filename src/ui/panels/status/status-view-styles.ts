import { css } from 'lit';

export const statusViewStyles = css`
  /* Two sides are beside each other. */
  .frame {
    max-inline-size: 76rem;
  }

  .number {
    margin-inline-start: auto;
    padding-inline: var(--space-2);
    border-radius: var(--radius-full);
    background: var(--warn-surface);
    color: var(--warn);
    font-size: var(--text-xs);
    font-weight: var(--weight-strong);
    font-variant-numeric: tabular-nums;
  }

  .number.bad {
    background: var(--bad-surface);
    color: var(--bad);
  }
`;
