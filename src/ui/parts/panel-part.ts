import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import type { App } from '#app/app.ts';
import type { Shell } from '#ui/shell/shell.ts';

/** An element of a panel. It has the app and the shell of the panel that it is in, unless it is given others. */
export abstract class PanelPart extends LitElement {
  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) shell!: Shell;

  override connectedCallback(): void {
    const above = this.app ? undefined : partAbove(this);
    if (above) Object.assign(this, { app: above.app, shell: above.shell });
    super.connectedCallback();
  }
}

/** The next element of the panel above, through the shadow roots. */
function partAbove(element: Node): PanelPart | undefined {
  for (let node = parentOf(element); node; node = parentOf(node)) if (node instanceof PanelPart) return node;
  return undefined;
}

const parentOf = (node: Node): Node | null => (node instanceof ShadowRoot ? node.host : node.parentNode);
