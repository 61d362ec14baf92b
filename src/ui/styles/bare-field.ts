import { css } from 'lit';

/** A small field in a row of labels: its border shows where it is used. */
export const bareFieldStyles = css`
  input:not([type="radio"], [type="checkbox"]) {
    inline-size: 7.5rem;
    min-block-size: 1.5rem;
    padding: 0.1rem var(--space-2);
    border-color: transparent;
    background: none;
    font-size: var(--text-s);
  }

  input:not([type="radio"], [type="checkbox"]):is(:hover, :focus) {
    border-color: var(--line-strong);
  }

  @media (pointer: coarse) {
    input:not([type="radio"], [type="checkbox"]) {
      min-block-size: 2.75rem;
      font-size: 1rem;
    }
  }
`;
