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

  .scroller {
    overflow-y: auto;
    overscroll-behavior: contain;
    padding-inline: var(--space-2);
  }

  li {
    padding-block-end: 2px;
  }

  a {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-1);
    padding: 0.55rem var(--space-3);
    border-radius: var(--radius-m);
    color: var(--ink);
    text-decoration: none;
  }

  a:hover {
    background: var(--surface-hover);
  }

  a[aria-current] {
    background: var(--surface-selected);
  }

  a:focus-visible {
    outline-offset: -2px;
  }

  .line {
    display: flex;
    align-items: baseline;
    gap: var(--space-2);
  }

  .title {
    flex: 1;
    overflow: hidden;
    font-weight: 500;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  time {
    flex: none;
    color: var(--ink-3);
    font-size: var(--text-xs);
    font-variant-numeric: tabular-nums;
  }

  .starred .icon {
    inline-size: 0.875rem;
    block-size: 0.875rem;
    color: var(--accent-ink);
    fill: currentcolor;
    vertical-align: -0.1em;
  }

  .labels {
    display: flex;
    gap: var(--space-1);
    overflow: hidden;
  }

  a[aria-current] .chip {
    background: var(--surface);
  }

  .foot {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2);
    padding: var(--space-3);
    color: var(--ink-2);
    font-size: var(--text-s);
  }

  .bones {
    display: grid;
    gap: var(--space-5);
    padding: var(--space-3);
  }
`;
