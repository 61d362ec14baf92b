import { css } from 'lit';

/** The fields of a form in a card. */
export const formStyles = css`
  form {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    justify-items: start;
    gap: var(--space-3);
    inline-size: 100%;
  }

  form button {
    max-inline-size: 100%;
    white-space: normal;
  }

  form label.field {
    inline-size: min(22rem, 100%);
  }

  label.field.wide {
    inline-size: 100%;
  }

  fieldset {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    min-inline-size: 0;
    gap: var(--space-2);
    margin: 0;
    padding: 0;
    border: 0;
  }

  legend {
    padding: 0;
    color: var(--ink-2);
    font-size: var(--text-s);
    font-weight: 500;
  }

  label.choice {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    min-block-size: 1.5rem;
  }

  label.choice input {
    margin: 0;
  }

  fieldset .hint {
    padding-inline-start: 1.4rem;
  }
`;
