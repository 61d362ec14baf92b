import { css } from 'lit';
import { pageStyles } from '#ui/styles/page.ts';

export const chatThreadStyles = css`
  ${pageStyles}

  :host {
    display: grid;
    grid-template-rows: auto auto minmax(0, 1fr) auto auto;
    position: relative;
    block-size: 100%;
  }

  .scroller {
    min-block-size: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-gutter: stable;
  }

  .scroller:focus-visible {
    outline-offset: -2px;
  }

  .messages {
    display: grid;
    gap: var(--space-5);
    max-inline-size: calc(var(--measure) + 2 * var(--space-5));
    margin-inline: auto;
    padding: var(--space-5);
  }

  .messages > li {
    min-inline-size: 0;
    /* Room for the outline of a message that was searched for: what is around an item is not painted. */
    margin: -0.5rem;
    padding: 0.5rem;
    content-visibility: auto;
    contain-intrinsic-block-size: auto 8rem;
  }

  .first {
    display: grid;
    justify-items: center;
    align-content: center;
    gap: var(--space-3);
    min-block-size: 100%;
    padding: var(--space-5);
    color: var(--ink-2);
    text-align: center;
    text-wrap: balance;
  }

  .first h2 {
    color: var(--ink);
    font-size: var(--text-2xl);
    letter-spacing: -0.01em;
  }

  .first > .icon {
    inline-size: 2.5rem;
    block-size: 2.5rem;
    color: var(--ink-3);
  }

  /* A row of its own: it lies on no text. */
  .latest {
    justify-self: center;
    margin-block: var(--space-1);
    border-radius: var(--radius-full);
  }

  .sight {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2);
    padding: var(--space-2) var(--space-3);
    border-radius: var(--radius-m);
    background: var(--warn-surface);
    font-size: var(--text-m);
  }

  .sight p {
    flex: 1 1 14rem;
    overflow-wrap: anywhere;
  }
`;
