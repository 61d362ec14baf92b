import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import type { App } from '#app/app.ts';
import type { Shell } from '#ui/shell/shell.ts';

/**
 * An element of the frame around the panels. It has the app and the shell of the part that it is in, unless it is given
 * others. It is there before the workspace has been opened, and has no app until then.
 */
export abstract class FramePart extends LitElement {
  @property({ attribute: false }) app: App | undefined;
  @property({ attribute: false }) shell!: Shell;

  override connectedCallback(): void {
    const above = this.shell ? undefined : partAbove(this);
    if (above) this.join(above);
    super.connectedCallback();
  }

  private join({ app, shell }: FramePart): void {
    this.shell = shell;
    this.app ??= app;
    if (this.app) return;
    void shell.opened.then((opened) => {
      this.app ??= opened;
    });
  }
}

/** The next part above, through the shadow roots. */
function partAbove(element: Node): FramePart | undefined {
  for (let node = parentOf(element); node; node = parentOf(node)) if (node instanceof FramePart) return node;
  return undefined;
}

const parentOf = (node: Node): Node | null => (node instanceof ShadowRoot ? node.host : node.parentNode);
