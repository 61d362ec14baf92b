import { css } from 'lit';

export const chatBarStyles = css`
  :host {
    border-block-end: 1px solid var(--line);
  }

  .bar {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    min-block-size: calc(var(--target) + 0.75rem);
    padding: var(--space-1) var(--space-3) 0;
  }

  .bar input:not([type="radio"], [type="checkbox"]) {
    flex: 1;
    min-inline-size: 0;
    border-color: transparent;
    background: none;
    font-size: var(--text-l);
    font-weight: var(--weight-strong);
    text-overflow: ellipsis;
  }

  .bar input:hover:not([readonly]),
  .bar input:focus:not([readonly]) {
    border-color: var(--line-strong);
  }

  .star[aria-pressed="true"] {
    color: var(--accent-ink);
  }

  .star[aria-pressed="true"] .icon {
    fill: currentcolor;
  }

  .back {
    display: none;
  }

  summary {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    min-block-size: 1.75rem;
    padding: 0 var(--space-5) var(--space-1);
    color: var(--ink-2);
    font-size: var(--text-s);
    cursor: pointer;
    list-style: none;
  }

  summary::-webkit-details-marker {
    display: none;
  }

  summary:hover {
    color: var(--ink);
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

  .turn .icon {
    inline-size: 1rem;
    block-size: 1rem;
    transition: rotate var(--quick);
  }

  details[open] .turn .icon {
    rotate: 180deg;
  }

  .options {
    display: grid;
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

  @media (max-width: 45rem) {
    .back {
      display: inline-flex;
    }

    summary,
    .options {
      padding-inline: var(--space-4);
    }
  }
`;
