import { css } from 'lit';

export const promptFileStyles = css`
  :host {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    align-items: center;
    gap: var(--space-2);
    padding: var(--space-1);
    border: 1px solid var(--line);
    border-radius: var(--radius-m);
    background: var(--surface-raised);
  }

  img,
  .sign {
    inline-size: 2.5rem;
    block-size: 2.5rem;
    border-radius: var(--radius-s);
  }

  img {
    object-fit: cover;
  }

  .sign {
    display: grid;
    place-items: center;
    background: var(--surface-sunken);
    color: var(--ink-2);
  }

  .words {
    display: grid;
    min-inline-size: 0;
    font-size: var(--text-s);
  }

  .name {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .size,
  .cut {
    color: var(--ink-3);
    font-size: var(--text-xs);
  }

  progress {
    inline-size: 100%;
    block-size: 0.375rem;
    accent-color: var(--accent-ink);
  }
`;
