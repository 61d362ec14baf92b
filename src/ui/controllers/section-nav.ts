import type { LitElement } from 'lit';

/**
 * Shows a panel's section from its top each time another one is opened, and its link: on a phone the links are in a row
 * that is wider than the screen.
 */
export function sectionNav(host: LitElement, section: () => string): void {
  let shown: string | undefined;
  host.addController({
    hostUpdated() {
      const current = section();
      if (current === shown) return;
      shown = current;
      host.scrollTop = 0;
      host.renderRoot.querySelector('nav [aria-current="page"]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
    },
  });
}
