import { css } from 'lit';
import { disclosureStyles } from '#ui/styles/disclosure.ts';

export const chatBarStyles = css`
  ${disclosureStyles}

  document-title {
    --title-lines: 3;
    flex: 1;
    min-inline-size: 0;
    --title-font: var(--weight-strong) var(--text-l) / 1.5 var(--font-text);
  }

  summary {
    min-block-size: 1.75rem;
    padding: 0 var(--space-5) var(--space-1);
    color: var(--ink-2);
    font-size: var(--text-s);
  }

  summary:focus-visible {
    outline-offset: -2px;
  }

  .what {
    display: flex;
    gap: var(--space-1);
    align-items: center;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .what .chip {
    margin-inline-start: var(--space-1);
  }

  .turn {
    display: inline-flex;
  }

  .turn .icon {
    inline-size: 1rem;
    block-size: 1rem;
  }

  .options {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-3);
    max-inline-size: var(--measure);
    max-block-size: 50vh;
    overflow-y: auto;
    padding: var(--space-2) var(--space-5) var(--space-4);
  }

  .options .field > input {
    max-inline-size: 22rem;
  }

  @media (pointer: coarse) {
    summary {
      min-block-size: var(--target);
    }
  }

  @container (max-width: 45rem) {
    summary,
    .options {
      padding-inline: var(--space-4);
    }
  }
`;
