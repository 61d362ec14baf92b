/** Frames in which what comes into sight gets its real height, which moves what is below it. */
const SETTLING_FRAMES = 6;

/**
 * Keeps a place in the middle of what it is scrolled in while what comes into sight is laid out: scrolls only where the place is out of
 * sight. `placeOf` gives its edges in the window, and is asked in each frame; null ends it.
 */
export function keepInSight(
  scroller: Element,
  placeOf: () => Pick<DOMRect, 'top' | 'bottom'> | null,
  frames = SETTLING_FRAMES,
): void {
  const place = placeOf();
  if (!place) return;
  const seen = scroller.getBoundingClientRect();
  if (place.top < seen.top || place.bottom > seen.bottom)
    scroller.scrollTop += (place.top + place.bottom) / 2 - (seen.top + seen.bottom) / 2;
  if (frames > 0) requestAnimationFrame(() => keepInSight(scroller, placeOf, frames - 1));
}

/** What an element is scrolled in, through shadow roots; null where nothing scrolls. */
export function scrollerOf(element: Element): Element | null {
  for (let node: Node | null = element; node; node = node instanceof ShadowRoot ? node.host : node.parentNode) {
    if (!(node instanceof Element) || node.scrollHeight <= node.clientHeight) continue;
    // A table or a block of code that scrolls along its lines is none.
    if (/auto|scroll/.test(getComputedStyle(node).overflowY) && !node.matches('table, pre')) return node;
  }
  return null;
}
