import { css } from 'lit';

export const tabStripStyles = css`
  nav {
    display: flex;
    align-items: center;
    block-size: 100%;
  }

  ul {
    flex: 0 1 auto;
    display: flex;
    min-inline-size: 0;
    block-size: 100%;
    overflow-x: auto;
    scrollbar-width: none;
  }

  li {
    position: relative;
    display: flex;
    flex: 0 1 auto;
    align-items: center;
    min-inline-size: 7.5rem;
    padding-inline: var(--space-3) var(--space-1);
    border-inline-end: 1px solid var(--line);
    border-block-end: 1px solid var(--line);
    color: var(--ink-2);
  }

  li:hover {
    background: var(--surface-hover);
  }

  li.current {
    border-block-end-color: var(--surface);
    background: var(--surface);
    color: var(--ink);
    box-shadow: inset 0 2px var(--accent);
  }

  @media (forced-colors: active) {
    li.current {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }

  li.dragged {
    z-index: 1;
    background: var(--surface-raised);
    box-shadow: var(--shadow-2);
    opacity: 0.9;
  }

  /* A long press on a link would open its menu. */
  a {
    -webkit-touch-callout: none;
    user-select: none;
  }

  action-menu {
    flex: none;
    margin-inline: var(--space-1);
  }

  a {
    display: flex;
    flex: 1;
    align-items: center;
    gap: var(--space-2);
    min-inline-size: 0;
    block-size: 100%;
    color: inherit;
    text-decoration: none;
  }

  a:focus-visible {
    outline-offset: -3px;
  }

  .icon {
    inline-size: 1rem;
    block-size: 1rem;
    color: var(--ink-3);
  }

  /* The limit is on the name: tabs that have to shrink then do it alike. */
  .name {
    max-inline-size: 10.5rem;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .preview .name {
    font-style: italic;
  }

  button {
    min-inline-size: 1.5rem;
    min-block-size: 1.5rem;
  }

  button .icon {
    inline-size: 0.875rem;
    block-size: 0.875rem;
  }
`;
