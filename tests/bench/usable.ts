declare global {
  interface Window {
    /** Milliseconds since the navigation began. */
    usableAt?: number;
    listAt?: number;
  }
}

export interface Watched {
  /** The name of the button that makes the page usable. */
  readonly button: string;
  /** Selects what the first screen is there to show: the first row of the list, or what is in its place. */
  readonly list: string;
}

/**
 * Runs in the page before its own scripts: looks in every frame for both, through open shadow roots, until a click at
 * their middle would reach them. Notes the times in `window.usableAt` and `window.listAt`.
 */
export function watchUsable({ button, list }: Watched): void {
  const find = (root: Document | ShadowRoot, wanted: (element: Element) => boolean): Element | null => {
    for (const element of root.querySelectorAll('*')) {
      if (wanted(element)) return element;
      const inside = element.shadowRoot && find(element.shadowRoot, wanted);
      if (inside) return inside;
    }
    return null;
  };
  const isHit = (element: Element): boolean => {
    const { left, top, width, height } = element.getBoundingClientRect();
    if (width === 0 || height === 0) return false;
    let hit = document.elementFromPoint(left + width / 2, top + height / 2);
    while (hit?.shadowRoot) {
      const inner = hit.shadowRoot.elementFromPoint(left + width / 2, top + height / 2);
      if (!inner || inner === hit) break;
      hit = inner;
    }
    return hit === element || element.contains(hit);
  };
  const watch = (wanted: (element: Element) => boolean, tell: (at: number) => void): void => {
    const look = (): void => {
      const element = find(document, wanted);
      if (element && isHit(element)) tell(performance.now());
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  };
  const isButton = (element: Element): boolean =>
    (element.localName === 'button' || element.localName === 'a') &&
    (element.getAttribute('aria-label') ?? element.textContent)?.trim() === button;
  watch(isButton, (at) => {
    window.usableAt = at;
    // Only now: looking for two things at once would slow down the first.
    watch(
      (element) => element.matches(list),
      (shownAt) => {
        window.listAt = shownAt;
      },
    );
  });
}
