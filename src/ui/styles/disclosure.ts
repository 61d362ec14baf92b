import { css } from 'lit';

/** `<details>` whose summary ends with a `.turn`: an icon that turns over when it is open, in place of the browser's triangle. */
export const disclosureStyles = css`
  summary {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    cursor: pointer;
    list-style: none;
  }

  summary::-webkit-details-marker {
    display: none;
  }

  summary:hover {
    color: var(--ink);
  }

  .turn {
    display: inline-flex;
  }

  .turn .icon {
    transition: rotate var(--quick);
  }

  details[open] > summary .turn .icon {
    rotate: 180deg;
  }
`;
