import { css } from 'lit';

export const chatListStyles = css`
  :host {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    min-block-size: 0;
  }

  search {
    display: flex;
    align-items: center;
    gap: var(--space-1);
    padding: 0 var(--space-3) var(--space-2);
  }

  search input {
    flex: 1;
    min-inline-size: 0;
  }

  .star[aria-pressed="true"] {
    color: var(--accent-ink);
  }

  .star[aria-pressed="true"] .icon {
    fill: currentcolor;
  }
`;
