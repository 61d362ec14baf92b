import { css } from 'lit';

export const noteEditorStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    block-size: 100%;
  }

  .under-bar,
  .over-keyboard {
    flex: none;
    background: var(--surface);
  }

  .under-bar {
    border-block-end: 1px solid var(--line);
  }

  .over-keyboard {
    position: relative;
    z-index: 3;
    border-block-start: 1px solid var(--line);
  }

  /* The bar above it asks the window, not this. */
  .sheet {
    flex: 1;
    min-block-size: 0;
    container-type: inline-size;
  }

  .body {
    display: grid;
    block-size: 100%;
    grid-template-columns: minmax(0, 1fr);
    min-block-size: 0;
  }

  .write,
  .preview {
    min-inline-size: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-gutter: stable;
  }

  /* What a key changes stays inside: the rest of the page is not laid out again. */
  .write {
    contain: strict;
  }

  .preview:focus-visible {
    outline-offset: -2px;
  }

  .page {
    max-inline-size: calc(var(--measure) + 2 * var(--space-5));
    margin-inline: auto;
    padding: var(--space-5) var(--space-5) 0;
  }

  .preview .page {
    padding-block-end: 30vh;
  }

  .preview h2 {
    margin-block-end: var(--space-4);
    font-size: var(--text-2xl);
    line-height: 1.3;
    overflow-wrap: anywhere;
  }

  .bones {
    display: grid;
    gap: var(--space-4);
    padding: var(--space-2);
  }

  .missing-part {
    display: grid;
    justify-items: start;
    gap: var(--space-3);
    padding: var(--space-2);
  }

  /* Side by side where there is room for two measures; one of the two otherwise. */
  .with-preview .write {
    display: none;
  }

  @container (min-width: 46rem) {
    .with-preview {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }

    .with-preview .write {
      display: block;
    }

    /* The title is beside it. */
    .with-preview .preview h2 {
      display: none;
    }

    .with-preview .preview {
      border-inline-start: 1px solid var(--line);
      background: var(--surface-sunken);
    }
  }

  @container (max-width: 40rem) {
    .page {
      padding: var(--space-4) var(--space-3) 0;
    }
  }
`;
