import { css } from 'lit';

/** Grey bars where content is on its way: `<span class="bone"></span>`. Decorative: hide them from assistive technology. */
export const skeletonStyles = css`
  .bone {
    display: block;
    block-size: 0.8em;
    border-radius: var(--radius-s);
    background: var(--surface-hover);
    animation: breathe 1.6s ease-in-out infinite alternate;
  }

  .bone.short {
    inline-size: 40%;
  }

  .bone.long {
    inline-size: 85%;
  }

  @keyframes breathe {
    to {
      opacity: 0.45;
    }
  }
`;
