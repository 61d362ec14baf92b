import { css } from 'lit';

/** A banner that offers or reports something, where `controlStyles` alone would warn. `.banner.bad` stays as it is there. */
export const calmBannerStyles = css`
  .banner {
    background: var(--surface-selected);
  }

  .banner .icon {
    color: var(--accent-ink);
  }
`;
