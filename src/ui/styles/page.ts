import { css } from 'lit';

/** A message that fills a whole page: what is the case, and what to do. */
export const pageStyles = css`
  .page {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    justify-items: start;
    gap: var(--space-4);
    max-inline-size: 34rem;
    margin: var(--space-8) auto;
    padding-inline: var(--space-5);
  }

  .page :is(h1, h2) {
    font-size: var(--text-xl);
  }

  .page p {
    color: var(--ink-2);
  }

  @container (max-width: 45rem) {
    .page {
      margin-block: var(--space-7);
    }
  }
`;
