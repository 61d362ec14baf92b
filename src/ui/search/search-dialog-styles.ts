import { css } from 'lit';

/** What a hit has beside a row of the palette: a snippet, marks. */
export const searchDialogStyles = css`
  dialog {
    inline-size: min(46rem, 100vw - 2rem);
    max-block-size: min(44rem, 100dvh - 4rem);
  }

  .heading {
    display: flex;
    justify-content: space-between;
  }

  .total {
    font-variant-numeric: tabular-nums;
    font-weight: 400;
  }

  [role="option"] {
    align-items: start;
    padding-block: var(--space-2);
  }

  [role="option"] > .icon {
    margin-block-start: 0.15rem;
  }

  .what {
    display: grid;
    flex: 1;
    gap: 0.15rem;
    min-inline-size: 0;
  }

  .line {
    display: flex;
    align-items: baseline;
    gap: var(--space-3);
    min-inline-size: 0;
  }

  .name {
    font-weight: 500;
  }

  .snippet {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    color: var(--ink-2);
    font-size: var(--text-s);
    overflow-wrap: anywhere;
  }

  .labels {
    color: var(--ink-3);
    font-size: var(--text-xs);
  }

  [aria-selected="true"] .labels {
    color: var(--ink-2);
  }

  mark {
    border-radius: 2px;
    background: var(--mark);
    color: inherit;
    font-weight: 500;
  }

  .again {
    padding-block-start: 0;
  }

  @container (max-width: 45rem) {
    dialog {
      inline-size: 100vw;
      max-block-size: 100dvh;
    }
  }
`;
