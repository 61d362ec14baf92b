import { type CSSResultGroup, css, html, nothing, type TemplateResult } from 'lit';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { type IconName, icon } from './icon.ts';

interface BannerFrame {
  readonly icon: IconName;
  /** `calm` offers or reports something, `warn` (the usual one) wants to be read, `bad` is about work in danger. */
  readonly tone?: 'calm' | 'warn' | 'bad';
  /** What it is about, as a region for assistive technology. */
  readonly label?: string;
  /** Read out when it comes: at once, or when there is a pause. */
  readonly role?: 'alert' | 'status';
}

/** A line across the page or above a document: what is the case, and what can be done about it. */
export function banner(
  { icon: name, tone = 'warn', label, role }: BannerFrame,
  text: unknown,
  actions: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  return html`<section class="banner ${tone}" role=${role ?? nothing} aria-label=${label ?? nothing}>
    ${icon(name)}
    <p>${text}</p>
    ${actions}
  </section>`;
}

const frame = css`
  .banner {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--space-2) var(--space-3);
    padding: var(--space-2) var(--space-4);
    color: var(--ink);
    font-size: var(--text-m);
  }

  .banner > p {
    flex: 1 1 14rem;
  }

  /* Two actions stay side by side, below the text. */
  @media (max-width: 30rem) {
    .banner:has(button ~ button) > p {
      flex-basis: calc(100% - 3rem);
    }
  }

  .calm {
    background: var(--surface-selected);
  }

  .calm > .icon {
    color: var(--accent-ink);
  }

  .warn {
    background: var(--warn-surface);
  }

  .warn > .icon {
    color: var(--warn);
  }

  .bad {
    background: var(--bad-surface);
  }

  .bad > .icon {
    color: var(--bad);
  }
`;

export const bannerStyles: CSSResultGroup = [baseStyles, controlStyles, frame];
