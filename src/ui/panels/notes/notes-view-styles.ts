import { css } from 'lit';

export const notesViewStyles = css`
  .welcome {
    justify-items: center;
    text-align: center;
    text-wrap: balance;
  }

  .welcome h2 {
    font-size: var(--text-2xl);
    letter-spacing: -0.01em;
  }

  .welcome .primary {
    max-inline-size: 100%;
    white-space: normal;
    padding: 0.6rem 1.4rem;
    font-size: var(--text-l);
  }

  /* A first visit on a phone shows the welcome, not an empty list above it. */
  @container (max-width: 62rem) {
    .at-list.first .list {
      display: none;
    }

    .at-list.first .content {
      display: block;
    }
  }
`;
