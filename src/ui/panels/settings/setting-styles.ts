import { css } from 'lit';

/** Settings with their choices, and the switch that makes one this device's own. */
export const settingStyles = css`
  .setting {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    justify-items: start;
    gap: var(--space-2);
    inline-size: 100%;
    min-inline-size: 0;
  }

  .setting + .setting {
    padding-block-start: var(--space-4);
    border-block-start: 1px solid var(--line);
  }

  legend {
    padding-block-end: var(--space-2);
    color: var(--ink);
    font-size: var(--text-l);
    font-weight: var(--weight-strong);
  }

  .choices {
    display: grid;
    gap: var(--space-2);
    inline-size: 100%;
  }

  .cards .choices {
    grid-template-columns: repeat(auto-fill, minmax(min(12rem, 100%), 1fr));
  }

  .option {
    position: relative;
    padding: var(--space-3);
    border: 1px solid var(--line);
    border-radius: var(--radius-m);
  }

  .option:has(:checked) {
    border-color: var(--accent-ink);
    background: var(--surface-selected);
  }

  .option:has(:focus-visible) {
    outline: var(--focus);
    outline-offset: 2px;
  }

  /* The whole card is the target; the hint stays outside the name. */
  .option label.choice::after {
    content: "";
    position: absolute;
    inset: 0;
    cursor: pointer;
  }

  .option input {
    position: relative;
    z-index: 1;
  }

  .option .hint {
    padding-inline-start: 1.4rem;
  }

  /* They grow with the text. */
  input:is([type="radio"], [type="checkbox"]) {
    inline-size: 1rem;
    block-size: 1rem;
  }

  select {
    inline-size: min(18rem, 100%);
  }

  .setting .field {
    inline-size: 100%;
  }

  .only-here {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    justify-items: start;
    gap: var(--space-1);
    color: var(--ink-2);
    font-size: var(--text-s);
  }

  .own {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-1) var(--space-2);
    padding: var(--space-1) var(--space-3);
    border-radius: var(--radius-m);
    background: var(--surface-selected);
    color: var(--ink);
  }

  .own button {
    color: var(--accent-ink);
    font-size: inherit;
    white-space: normal;
    text-align: start;
  }
`;
