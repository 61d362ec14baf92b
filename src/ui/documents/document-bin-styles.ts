import { css } from 'lit';

export const documentBinStyles = css`
  .page {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-4);
    max-inline-size: var(--measure);
    margin-inline: auto;
    padding: var(--space-5);
  }

  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2);
  }

  h2 {
    flex: 1;
    font-size: var(--text-2xl);
  }

  .back {
    display: none;
  }

  progress {
    inline-size: 100%;
  }

  .empty,
  .when {
    color: var(--ink-3);
  }

  .when {
    font-size: var(--text-xs);
  }

  ul {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: var(--space-2);
  }

  li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2);
    padding: var(--space-3) var(--space-4);
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
  }

  .what {
    flex: 1 1 14rem;
    min-inline-size: 0;
  }

  .acts {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
  }

  .what a {
    display: block;
    overflow: hidden;
    color: var(--ink);
    font-weight: var(--weight-strong);
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .what p {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .what p:not(.when) {
    color: var(--ink-2);
    font-size: var(--text-s);
  }

  .bones {
    display: grid;
    gap: var(--space-4);
  }

  @container (max-width: 45rem) {
    .page {
      padding: var(--space-3);
    }
  }

  @container (max-width: 62rem) {
    .back {
      display: inline-flex;
    }
  }
`;
