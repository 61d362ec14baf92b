import { type CSSResultGroup, css } from 'lit';
import { stillSheet } from './still.ts';

const elementStyles = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  :host {
    display: block;
    min-inline-size: 0;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  h1,
  h2,
  h3,
  h4,
  p,
  ul,
  ol,
  dl,
  dd,
  figure {
    margin: 0;
    padding: 0;
  }

  ul,
  ol {
    list-style: none;
  }

  a {
    color: var(--accent-ink);
    text-underline-offset: 0.2em;
  }

  :focus-visible {
    outline: var(--focus);
    outline-offset: 2px;
  }

  .icon {
    flex: none;
    inline-size: 1.125rem;
    block-size: 1.125rem;
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  .visually-hidden {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

/** The base styles of every element: a shadow root inherits text styles and custom properties, but no rules. */
export const baseStyles: CSSResultGroup = [elementStyles, stillSheet];
