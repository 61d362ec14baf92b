import { css } from 'lit';

/** The rows of a panel's list: title, star, time and tags of a document, and what is below the last of them. */
export const documentRowStyles = css`
  .scroller {
    block-size: 100%;
    overflow-y: auto;
    overscroll-behavior: contain;
    padding-inline: var(--space-2);
    /* The rows come and go as one scrolls: the browser must not hold on to one of them. */
    overflow-anchor: none;
  }

  li {
    padding-block-end: 2px;
  }

  li > a {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.15rem;
    padding: 0.6rem var(--space-3);
    border-radius: var(--radius-m);
    color: var(--ink);
    text-decoration: none;
  }

  li > a.with-picture {
    position: relative;
    min-block-size: 4.5rem;
    padding-inline-end: calc(3.5rem + 2 * var(--space-3));
  }

  document-picture {
    position: absolute;
    inset-block: 0;
    inset-inline-end: var(--space-3);
    margin-block: auto;
  }

  li > a:hover {
    background: var(--surface-hover);
  }

  li > a[aria-current] {
    background: var(--surface-selected);
  }

  li > a:focus-visible {
    outline-offset: -2px;
  }

  @media (forced-colors: active) {
    a[aria-current] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }

  .line {
    display: flex;
    align-items: baseline;
    gap: var(--space-2);
  }

  .title {
    flex: 1;
    overflow: hidden;
    font-weight: var(--weight-strong);
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  time {
    flex: none;
    color: var(--ink-3);
    font-size: var(--text-xs);
    font-variant-numeric: tabular-nums;
  }

  .pinned .icon {
    inline-size: 0.875rem;
    block-size: 0.875rem;
    color: var(--ink-3);
    vertical-align: -0.1em;
  }

  .waiting {
    overflow: hidden;
    padding: 0.6rem var(--space-3);
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
    margin-block-start: var(--space-1);
    overflow: hidden;
  }

  .labels .chip {
    display: block;
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .labels .more {
    flex: none;
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
