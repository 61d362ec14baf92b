import { css } from 'lit';
import { pageStyles } from '#ui/styles/page.ts';

/** A list at the side, what is open beside it; on a phone (`at-list`, `at-document`) one of the two. */
export const documentsViewStyles = css`
  ${pageStyles}

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
    grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
    min-block-size: 0;
    min-inline-size: 0;
  }

  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-2);
    padding: var(--space-2) var(--space-3) 0;
  }

  h1 {
    padding-inline-start: var(--space-2);
    font-size: var(--text-l);
  }

  /* A document alone, for who writes. */
  .at-document.no-list {
    grid-template-columns: minmax(0, 1fr);
  }

  .at-document.no-list :is(.list, size-handle) {
    display: none;
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

  .quiet-page {
    justify-items: center;
    color: var(--ink-3);
  }

  .quiet-page > .icon {
    inline-size: 2rem;
    block-size: 2rem;
    color: var(--ink-3);
  }

  @container (max-width: 62rem) {
    .frame {
      position: relative;
      grid-template-columns: minmax(0, 1fr);
    }

    /* The list comes over the document. */
    .at-document.drawer .list {
      position: absolute;
      z-index: 6;
      inset-block: 0;
      inset-inline-start: 0;
      display: grid;
      inline-size: min(22rem, 85%);
      border-inline-end: 1px solid var(--line);
      background: var(--surface);
      box-shadow: var(--shadow-2);
    }

    size-handle,
    .at-document .list,
    .at-list .content {
      display: none;
    }
  }
`;
