import { css } from 'lit';

export const notesViewStyles = css`
  :host,
  .frame {
    block-size: 100%;
  }

  .frame {
    display: grid;
    grid-template-columns: min(var(--list), 45vw) auto minmax(0, 1fr);
  }

  .list {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr) auto;
    min-block-size: 0;
    min-inline-size: 0;
  }

  .content {
    min-inline-size: 0;
    min-block-size: 0;
    overflow: auto;
  }

  .to-bin {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    min-block-size: calc(var(--target) + 0.25rem);
    padding-inline: var(--space-5);
    border-block-start: 1px solid var(--line);
    color: var(--ink-2);
    font-size: var(--text-s);
    text-decoration: none;
  }

  .to-bin:hover,
  .to-bin[aria-current] {
    background: var(--surface-hover);
    color: var(--ink);
  }

  .to-bin:focus-visible {
    outline-offset: -2px;
  }

  .to-bin .icon {
    inline-size: 1rem;
    block-size: 1rem;
  }

  .page {
    display: grid;
    justify-items: start;
    gap: var(--space-4);
    max-inline-size: 34rem;
    margin: var(--space-8) auto;
    padding-inline: var(--space-5);
  }

  .page h2 {
    font-size: var(--text-xl);
  }

  .page p {
    color: var(--ink-2);
  }

  .quiet-page {
    justify-items: center;
    color: var(--ink-3);
  }

  .quiet-page .icon {
    inline-size: 2rem;
    block-size: 2rem;
  }

  .welcome {
    justify-items: center;
    text-align: center;
    text-wrap: balance;
  }

  .welcome h2 {
    font-size: var(--text-2xl);
    letter-spacing: -0.01em;
  }

  .welcome .primary {
    padding: 0.6rem 1.4rem;
    font-size: var(--text-l);
  }

  @media (max-width: 45rem) {
    .frame {
      grid-template-columns: minmax(0, 1fr);
    }

    size-handle,
    .at-note .list,
    .at-list .content {
      display: none;
    }

    /* A first visit on a phone shows the welcome, not an empty list above it. */
    .at-list.first .list {
      display: none;
    }

    .at-list.first .content {
      display: block;
    }

    .page {
      margin-block: var(--space-7);
    }
  }
`;
