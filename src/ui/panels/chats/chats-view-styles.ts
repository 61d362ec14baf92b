import { css } from 'lit';

export const chatsViewStyles = css`
  .head {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-2);
    padding: var(--space-2) var(--space-3);
  }

  h1 {
    padding-inline-start: var(--space-2);
    font-size: var(--text-l);
  }
`;
