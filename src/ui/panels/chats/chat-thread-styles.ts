import { css } from 'lit';
import { pageStyles } from '#ui/styles/page.ts';

export const chatThreadStyles = css`
  ${pageStyles}

  :host {
    display: grid;
    grid-template-rows: auto auto minmax(0, 1fr) auto;
    position: relative;
    block-size: 100%;
    --latest-column: 2.25rem;
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
    /* Beside them is room for *Latest*: in the margin, or where that is narrower, here. */
    padding-inline-end: max(
      var(--space-5),
      min(var(--latest-column), var(--latest-column) + (var(--measure) + 2 * var(--space-5) - 100%) / 2)
    );
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

  /* Over the thread, which it does not move, at its lower edge. */
  .over {
    position: sticky;
    inset-block-end: 0;
    block-size: 0;
  }

  /* As wide as the room beside the text, and as high as a finger needs. */
  .latest {
    position: absolute;
    inset-block-end: var(--space-2);
    inset-inline-end: 0.125rem;
    inline-size: calc(var(--latest-column) - 0.25rem);
    min-inline-size: 0;
    block-size: 2.75rem;
    padding: 0;
    border-radius: var(--radius-full);
    box-shadow: var(--shadow-2);
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
