import { css } from 'lit';

/** A list in a card: what each row is on the left, what can be done with it on the right. */
export const rowListStyles = css`
  li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2) var(--space-3);
    padding-block: var(--space-2);
    border-block-end: 1px solid var(--line);
  }

  li:last-child {
    padding-block-end: 0;
    border: 0;
  }

  li div {
    flex: 1 1 12rem;
    min-inline-size: 0;
  }
`;

/** A table in a card. Numbers are on the right, below each other; names on the left. */
export const tableStyles = css`
  table {
    border-collapse: collapse;
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }

  th,
  td {
    padding-block: var(--space-1);
    padding-inline: 0 var(--space-3);
    border-block-end: 1px solid var(--line);
    text-align: end;
    font-weight: 400;
  }

  th:first-child {
    text-align: start;
  }

  thead th {
    color: var(--ink-3);
    font-size: var(--text-s);
  }
`;
