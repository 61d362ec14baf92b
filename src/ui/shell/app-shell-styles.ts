import { css } from 'lit';

export const shellStyles = css`
  :host {
    display: grid;
    grid-template: auto auto minmax(0, 1fr) auto / auto minmax(0, 1fr);
    grid-template-areas: "rail head" "rail banner" "rail main" "status status";
    block-size: 100dvh;
    overflow: hidden;
    background: var(--surface-sunken);
    padding-inline: env(safe-area-inset-left) env(safe-area-inset-right);
  }

  nav-rail {
    grid-area: rail;
  }

  header {
    grid-area: head;
    display: flex;
    align-items: stretch;
    min-block-size: var(--bar);
    border-block-end: 1px solid var(--line);
  }

  tab-strip {
    flex: 1;
    /* The marker of the current tab covers the header's line. */
    margin-block-end: -1px;
  }

  .action {
    align-self: center;
    margin-inline: var(--space-2);
  }

  /* It looks like the field that it opens. */
  .search {
    align-self: center;
    justify-content: flex-start;
    inline-size: clamp(2.25rem, 16vw, 13rem);
    margin-inline-start: var(--space-2);
    border-color: var(--line);
    background: var(--surface);
    color: var(--ink-3);
    font-weight: 400;
  }

  .search .label {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .banners {
    grid-area: banner;
  }

  main {
    grid-area: main;
    position: relative;
    min-block-size: 0;
    background: var(--surface);
  }

  /* Its ring is inside the edges of the window, above the panel, which would cover an outline of its own. */
  main:focus-visible {
    outline: none;
  }

  main:focus-visible::after {
    content: "";
    position: absolute;
    z-index: 5;
    inset: 0;
    outline: var(--focus);
    outline-offset: -2px;
    pointer-events: none;
  }

  panel-outlet {
    block-size: 100%;
  }

  status-bar {
    grid-area: status;
  }

  /* Above the status bar, and above what is used at the lower edge: the row over the keyboard or the field for a message (above-foot.ts),
   * the action of a phone's list, the on-screen keyboard. */
  toast-stack {
    grid-area: main;
    z-index: 20;
    place-self: end center;
    margin-block-end: calc(var(--space-4) + max(var(--foot-block, 0px), var(--action-block, 0px), var(--keyboard-block, 0px)));
  }

  .skip {
    position: fixed;
    z-index: 30;
    inset: var(--space-2) auto auto var(--space-2);
    padding: var(--space-2) var(--space-3);
    border-radius: var(--radius-m);
    background: var(--accent);
    color: var(--on-accent);
    transform: translateY(-200%);
  }

  .skip:focus {
    transform: none;
  }

  /* Over everything, and in nobody's way: what is dropped falls through it. */
  .drop-hint {
    position: fixed;
    inset: 0;
    z-index: 50;
    display: grid;
    place-items: end center;
    padding: var(--space-8) var(--space-4);
    border: 3px dashed var(--accent-ink);
    pointer-events: none;
  }

  .drop-hint span {
    display: flex;
    align-items: center;
    gap: var(--space-2);
    padding: var(--space-3) var(--space-4);
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-m);
    background: var(--surface-raised);
    box-shadow: var(--shadow-2);
    color: var(--ink);
    font-weight: 600;
  }

  @container (max-width: 45rem) {
    :host {
      grid-template: auto minmax(0, 1fr) auto auto / minmax(0, 1fr);
      grid-template-areas: "banner" "main" "status" "rail";
    }

    :host([writing]) nav-rail {
      display: none;
    }

    header {
      display: contents;
    }

    tab-strip {
      display: none;
    }

    /* The action floats within reach of the thumb. */
    .action {
      grid-area: main;
      z-index: 10;
      place-self: end;
      inline-size: 3.5rem;
      block-size: 3.5rem;
      margin: var(--space-4);
      padding: 0;
      border-radius: var(--radius-full);
      box-shadow: var(--shadow-2);
    }

    .action .icon {
      inline-size: 1.5rem;
      block-size: 1.5rem;
    }

    .action .label {
      position: absolute;
      clip-path: inset(50%);
      inline-size: 1px;
      overflow: hidden;
    }

    .search {
      display: none;
    }

    :host(:not([at-list])) .action {
      display: none;
    }

    :host([at-list]) toast-stack {
      --action-block: calc(3.5rem + var(--space-4));
    }
  }
`;
