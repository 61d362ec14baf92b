import { css } from 'lit';

export const documentBarStyles = css`
  :host {
    display: block;
    min-inline-size: 0;
  }

  .head {
    border-block-end: 1px solid var(--line);
  }

  .bar {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    min-block-size: calc(var(--target) + 1rem);
    padding: var(--space-1) var(--space-3);
  }

  nav {
    flex: 1;
    container-type: inline-size;
    min-inline-size: 0;
  }

  ol {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    color: var(--ink-3);
    white-space: nowrap;
  }

  ol a {
    display: inline-flex;
    align-items: center;
    min-block-size: 1.5rem;
    color: var(--ink-2);
    text-decoration: none;
  }

  ol a:hover {
    text-decoration: underline;
  }

  li {
    flex: none;
    overflow: hidden;
    text-overflow: ellipsis;
  }

  /* The place of the document is read whole as long as it can be; its title is below, too. */
  li:not(:first-child, :last-child) {
    max-inline-size: 40%;
  }

  li + li::before {
    content: "/";
    margin-inline-end: var(--space-2);
    color: var(--ink-3);
  }

  li:last-child {
    flex: 0 1 auto;
    min-inline-size: 0;
    color: var(--ink);
    font-weight: var(--weight-strong);
  }

  .back {
    display: none;
  }

  /* Too little room for a path: the title is below. */
  @container (max-width: 14rem) {
    ol {
      display: none;
    }
  }

  @container page (max-width: 45rem) {
    .back {
      display: inline-flex;
    }

    .list {
      display: none;
    }

    ol {
      display: none;
    }
  }
`;
