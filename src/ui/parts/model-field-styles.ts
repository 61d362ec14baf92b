import { css } from 'lit';

export const modelFieldStyles = css`
  :host {
    display: block;
    inline-size: min(22rem, 100%);
  }

  input {
    inline-size: 100%;
  }

  [role="option"] {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0 var(--space-3);
    min-block-size: var(--target);
    padding: var(--space-1) var(--space-3);
    border-radius: var(--radius-m);
    cursor: default;
  }

  @media (pointer: coarse) {
    [role="option"] {
      min-block-size: 2.75rem;
    }
  }

  [role="option"]:hover,
  [role="option"][aria-selected="true"] {
    background: var(--surface-hover);
  }

  .chosen {
    color: var(--accent-ink);
    font-weight: 500;
  }

  @media (forced-colors: active) {
    [role="option"][aria-selected="true"] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }

  .name {
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  .aside,
  .none {
    color: var(--ink-3);
    font-size: var(--text-s);
  }

  .none {
    padding: var(--space-2) var(--space-3);
  }
`;
