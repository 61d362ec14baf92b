import { css } from 'lit';
import { disclosureStyles } from '#ui/styles/disclosure.ts';
import { findMarkStyles } from '#ui/styles/find-marks.ts';

export const messageStyles = css`
  ${disclosureStyles}
  ${findMarkStyles}

  :host {
    display: grid;
    gap: var(--space-1);
    scroll-margin-block: var(--space-7);
  }

  .body {
    display: grid;
    gap: var(--space-3);
    min-inline-size: 0;
  }

  .user .body {
    justify-self: end;
    max-inline-size: min(38rem, 88%);
    padding: var(--space-3) var(--space-4);
    border-radius: var(--radius-l);
    background: var(--surface-selected);
  }

  article {
    display: grid;
    gap: var(--space-2);
    min-inline-size: 0;
  }

  /* Each line in its own direction. */
  .plain,
  .thought {
    unicode-bidi: plaintext;
    text-align: start;
  }

  .plain {
    font: 400 1rem / var(--leading-text) var(--font-text);
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }

  :host([found]) .body {
    outline: 2px solid var(--warn);
    outline-offset: 4px;
    border-radius: var(--radius-m);
  }

  .images {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
  }

  .images kept-file {
    --picture-block: 22rem;
  }

  .user .images kept-file {
    --picture-block: 10rem;
  }

  details {
    border-inline-start: 3px solid var(--line-strong);
    color: var(--ink-2);
    font-size: var(--text-m);
  }

  summary {
    inline-size: fit-content;
    min-block-size: var(--target);
    padding-inline: var(--space-3);
    border-radius: var(--radius-s);
  }

  .thought {
    padding: var(--space-1) var(--space-3) var(--space-2);
    line-height: var(--leading);
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }

  .foot {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-1);
    min-block-size: var(--target);
    color: var(--ink-3);
    font-size: var(--text-xs);
    font-variant-numeric: tabular-nums;
  }

  .user .foot {
    justify-content: flex-end;
  }

  .foot .words {
    padding-inline: var(--space-1);
  }

  .foot button {
    color: var(--ink-3);
  }

  .foot button .icon {
    inline-size: 1rem;
    block-size: 1rem;
  }

  .branch {
    display: inline-flex;
    align-items: center;
  }

  .note {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2) var(--space-3);
    padding: var(--space-2) var(--space-3);
    border-radius: var(--radius-m);
    background: var(--surface-sunken);
    color: var(--ink-2);
    font-size: var(--text-m);
  }

  .note.bad {
    background: var(--bad-surface);
    color: var(--ink);
  }

  .note.wait {
    background: var(--warn-surface);
    color: var(--ink);
  }

  .note p {
    flex: 1 1 14rem;
    overflow-wrap: anywhere;
  }

  .thinking {
    display: inline-flex;
    align-items: center;
    gap: var(--space-2);
    color: var(--ink-2);
    font-size: var(--text-m);
  }

  .thinking::before {
    content: "";
    inline-size: 0.6rem;
    block-size: 0.6rem;
    border-radius: 50%;
    background: var(--accent);
    animation: pulse 1s ease-in-out infinite alternate;
  }

  @keyframes pulse {
    to {
      opacity: 0.3;
    }
  }

  form {
    display: grid;
    gap: var(--space-2);
    inline-size: min(38rem, 80vw);
  }

  form textarea {
    field-sizing: content;
    min-block-size: 4rem;
    max-block-size: 50vh;
  }

  form .row {
    display: flex;
    justify-content: flex-end;
    gap: var(--space-2);
  }
`;
