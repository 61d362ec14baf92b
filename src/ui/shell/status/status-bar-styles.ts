import { css } from 'lit';

export const statusBarStyles = css`
  footer {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-1) var(--space-4);
    min-block-size: 1.75rem;
    padding: 0 var(--space-3);
    border-block-start: 1px solid var(--line);
    color: var(--ink-2);
    font-size: var(--text-xs);
    font-variant-numeric: tabular-nums;
  }

  [role="status"] {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--space-4);
    min-inline-size: 0;
  }

  .part {
    display: inline-flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0 var(--space-2);
    min-block-size: 1.5rem;
  }

  .icon {
    inline-size: 0.95rem;
    block-size: 0.95rem;
  }

  .word {
    font-weight: 500;
  }

  a.word,
  .way-back {
    display: inline-flex;
    align-items: center;
    min-block-size: 1.5rem;
  }

  .good .icon,
  .good .word {
    color: var(--good);
  }

  .warn .icon,
  .warn .word {
    color: var(--warn);
  }

  .bad .icon,
  .bad .word {
    color: var(--bad);
  }

  time,
  .reason + .detail {
    color: var(--ink-3);
  }

  button,
  .button {
    display: inline-flex;
    align-items: center;
    min-block-size: 1.5rem;
    padding: 0 var(--space-2);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-s);
    background: var(--surface-raised);
    color: var(--ink);
    font: inherit;
    text-decoration: none;
    cursor: pointer;
  }

  .way-back {
    gap: var(--space-2);
    color: var(--ink-2);
  }

  @media (pointer: coarse) {
    button,
    .button,
    a.word,
    .way-back {
      min-block-size: 2.75rem;
    }
  }

  @container (max-width: 60rem) {
    .reason ~ time {
      display: none;
    }
  }

  /* A phone has room for the words; times and numbers are in the Status panel, and the reminder is a key. */
  @container (max-width: 45rem) {
    time,
    .reason + .detail {
      display: none;
    }

    /* The reason takes what the word and the button leave, or a line of its own with the button. */
    .part:has(.reason) {
      flex: 1 0 100%;
    }

    .reason {
      flex: 1 1 7rem;
    }

    .part button,
    .part .button {
      margin-block: 2px;
    }

    .way-back {
      position: relative;
      min-inline-size: 1.5rem;
      justify-content: center;
    }

    .way-back span {
      position: absolute;
      clip-path: inset(50%);
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      white-space: nowrap;
    }
  }
`;
