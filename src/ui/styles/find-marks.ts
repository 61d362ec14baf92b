import { css } from 'lit';

/** The look of what a search has found, in a shadow root with such text (`src/ui/controllers/text-marks.ts`). */
export const findMarkStyles = css`
  ::highlight(found) {
    background-color: var(--mark);
  }

  ::highlight(found-current) {
    background-color: var(--accent);
    color: var(--on-accent);
  }
`;
