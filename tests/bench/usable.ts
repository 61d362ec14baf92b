declare global {
  interface Window {
    /** Milliseconds since the navigation began. */
    usableAt?: number;
  }
}

/**
 * Runs in the page before its own scripts: looks in every frame for a button of that name, through open shadow roots,
 * until a click at its middle would reach it. Notes the time in `window.usableAt`.
 */
export function watchUsable(name: string): void {
  const find = (root: Document | ShadowRoot): Element | null => {
    for (const element of root.querySelectorAll('*')) {
      const isButton = element.localName === 'button' || element.localName === 'a';
      if (isButton && (element.getAttribute('aria-label') ?? element.textContent)?.trim() === name) return element;
      const inside = element.shadowRoot && find(element.shadowRoot);
      if (inside) return inside;
    }
    return null;
  };
  const isHit = (button: Element): boolean => {
    const { left, top, width, height } = button.getBoundingClientRect();
    if (width === 0 || height === 0) return false;
    let hit = document.elementFromPoint(left + width / 2, top + height / 2);
    while (hit?.shadowRoot) {
      const inner = hit.shadowRoot.elementFromPoint(left + width / 2, top + height / 2);
      if (!inner || inner === hit) break;
      hit = inner;
    }
    return hit === button || button.contains(hit);
  };
  const look = (): void => {
    const button = find(document);
    if (button && isHit(button)) window.usableAt = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
