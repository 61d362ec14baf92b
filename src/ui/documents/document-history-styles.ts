import { css } from 'lit';

export const documentHistoryStyles = css`
  dialog {
    inline-size: min(64rem, 100vw - 2rem);
    block-size: min(46rem, 100dvh - 2rem);
    padding: 0;
    overflow: hidden;
  }

  dialog[open] {
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
  }

  header {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    padding: var(--space-3) var(--space-3) var(--space-3) var(--space-5);
    border-block-end: 1px solid var(--line);
  }

  header h2 {
    flex: 1;
    overflow: hidden;
    font-size: var(--text-l);
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .message {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    justify-items: start;
    gap: var(--space-3);
    padding: var(--space-5);
    color: var(--ink-2);
  }

  .columns {
    display: grid;
    grid-template-columns: 15rem minmax(0, 1fr);
    min-block-size: 0;
  }

  .states {
    overflow-y: auto;
    padding: var(--space-2);
    border-inline-end: 1px solid var(--line);
  }

  .states section {
    display: block;
    margin-block-start: var(--space-2);
    border-block-start: 1px solid var(--line);
  }

  .none {
    padding: var(--space-2) var(--space-3);
    color: var(--ink-3);
    font-size: var(--text-s);
  }

  .look {
    max-inline-size: calc(100% - 2 * var(--space-3));
    margin: var(--space-1) var(--space-3) var(--space-2);
    white-space: normal;
  }

  .state {
    display: grid;
    justify-content: start;
    justify-items: start;
    gap: 0;
    inline-size: 100%;
    padding-block: var(--space-2);
    white-space: normal;
    text-align: start;
  }

  .state[aria-pressed="true"] {
    background: var(--surface-selected);
    color: var(--ink);
  }

  .reason {
    color: var(--ink-3);
    font-size: var(--text-xs);
    font-weight: 400;
  }

  section {
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
    min-block-size: 0;
  }

  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-2);
    padding: var(--space-2) var(--space-4);
    border-block-end: 1px solid var(--line);
    color: var(--ink-2);
    font-size: var(--text-s);
  }

  .acts {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
  }

  .minus,
  .plus {
    padding-inline: var(--space-1);
    border-radius: var(--radius-s);
    color: var(--ink);
  }

  .minus {
    background: var(--removed);
  }

  .plus {
    background: var(--added);
  }

  .changes {
    overflow-y: auto;
    padding: var(--space-4) var(--space-2);
  }

  h3 {
    padding: var(--space-2) var(--space-3);
    color: var(--ink-3);
    font-size: var(--text-xs);
    font-weight: var(--weight-strong);
  }

  @container (max-width: 45rem) {
    .columns {
      grid-template: fit-content(40%) minmax(0, 1fr) / minmax(0, 1fr);
    }

    .states {
      border-inline-end: 0;
      border-block-end: 1px solid var(--line);
    }
  }
`;
