import { css } from 'lit';

export const keptFileStyles = css`
  :host {
    display: inline-block;
    max-inline-size: 100%;
    margin-block: var(--space-1);
    vertical-align: bottom;
  }

  .picture {
    display: block;
    block-size: auto;
    padding: 0;
    border: 0;
    background: none;
    cursor: zoom-in;
  }

  .picture img,
  .bone {
    display: block;
    max-inline-size: 100%;
    max-block-size: var(--picture-block, 32rem);
    block-size: auto;
    border-radius: var(--radius-m);
  }

  .bone {
    inline-size: 20rem;
    block-size: 8rem;
  }

  .chip,
  .absent {
    display: inline-flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2);
    max-inline-size: 100%;
    padding: var(--space-2) var(--space-3);
    border: 1px solid var(--line);
    border-radius: var(--radius-m);
    background: var(--surface-raised);
    font-size: var(--text-m);
    overflow-wrap: anywhere;
  }

  .chip > [dir] {
    min-inline-size: 0;
  }

  .absent > span {
    flex: 1 1 12rem;
  }

  .chip .size,
  .chip button {
    flex: none;
  }

  .chip .size,
  .absent {
    color: var(--ink-3);
  }

  audio {
    max-inline-size: 100%;
  }

  dialog {
    max-inline-size: 100vw;
    max-block-size: 100dvh;
    inline-size: 100vw;
    block-size: 100dvh;
    padding: var(--space-3);
    border: 0;
    background: var(--surface);
    color: var(--ink);
  }

  dialog[open] {
    display: grid;
    grid-template-rows: auto minmax(0, 1fr);
    gap: var(--space-3);
  }

  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
    align-items: center;
  }

  .tools .name {
    flex: 1 1 8rem;
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .tools .copied:not(:empty) {
    order: -1;
    flex-basis: 100%;
    color: var(--ink-2);
  }

  @media (max-width: 30rem) {
    .tools button span {
      display: none;
    }
  }

  .whole {
    display: grid;
    place-items: center;
    min-inline-size: 0;
    min-block-size: 0;
    padding: 0;
    border: 0;
    background: none;
    overflow: auto;
    cursor: zoom-in;
  }

  .whole:hover,
  .picture:hover {
    background: none;
  }

  .whole.actual {
    place-items: safe center;
    cursor: zoom-out;
  }

  .whole img {
    max-inline-size: 100%;
    max-block-size: 100%;
    object-fit: contain;
  }

  .whole.actual img {
    max-inline-size: none;
    max-block-size: none;
  }
`;
