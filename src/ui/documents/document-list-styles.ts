import { css } from 'lit';

export const documentListStyles = css`
  :host {
    min-block-size: 0;
  }

  .excerpt {
    display: -webkit-box;
    overflow: hidden;
    color: var(--ink-2);
    font-size: var(--text-s);
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    line-clamp: 2;
    overflow-wrap: anywhere;
  }

  .one {
    color: var(--accent-ink);
  }

  .foot progress {
    flex: 1 1 5rem;
    inline-size: 5rem;
  }

  /* The last row must come out from under the floating button. */
  @container (max-width: 45rem) {
    ul {
      margin-block-end: 4.5rem;
    }
  }

  .bones > div {
    display: grid;
    gap: var(--space-2);
  }
`;
