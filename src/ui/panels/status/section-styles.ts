import { type CSSResultGroup, css } from 'lit';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { skeletonStyles } from '#ui/styles/skeleton.ts';

const sectionLayout = css`
  :host {
    display: grid;
    gap: var(--space-4);
  }

  h2 {
    font-size: var(--text-xl);
    line-height: 1.3;
  }

  h3 {
    font-size: var(--text-l);
    line-height: 1.4;
    overflow-wrap: anywhere;
  }

  .hint {
    max-inline-size: 44rem;
    color: var(--ink-2);
  }

  .small {
    color: var(--ink-3);
    font-size: var(--text-s);
  }

  .head,
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2);
  }

  .head h2 {
    flex: 1 1 auto;
  }

  .card {
    display: grid;
    gap: var(--space-3);
    min-inline-size: 0;
    padding: var(--space-4) var(--space-5);
    border: 1px solid var(--line);
    border-radius: var(--radius-l);
    background: var(--surface);
  }

  .cards {
    display: grid;
    gap: var(--space-4);
  }

  .empty {
    display: grid;
    gap: var(--space-2);
    padding: var(--space-6) var(--space-5);
    border: 1px dashed var(--line-strong);
    border-radius: var(--radius-l);
    color: var(--ink-2);
  }

  .bones {
    display: grid;
    gap: var(--space-3);
    max-inline-size: 30rem;
  }

  .bad {
    color: var(--bad);
  }

  .warn {
    color: var(--warn);
  }

  .good {
    color: var(--good);
  }

  @media (max-width: 45rem) {
    .card {
      padding: var(--space-4);
    }

    .head h2 {
      flex-basis: 100%;
    }
  }
`;

/** A section of the Status panel: a heading, a line of what it is about, then cards. */
export const statusSectionStyles: CSSResultGroup[] = [baseStyles, controlStyles, skeletonStyles, sectionLayout];
