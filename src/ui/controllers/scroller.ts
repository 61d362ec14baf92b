/** What an element is scrolled in, through shadow roots; null where nothing scrolls. */
export function scrollerOf(element: Element): Element | null {
  for (let node: Node | null = element; node; node = node instanceof ShadowRoot ? node.host : node.parentNode) {
    if (!(node instanceof Element) || node.scrollHeight <= node.clientHeight) continue;
    // A table or a block of code that scrolls along its lines is none.
    if (/auto|scroll/.test(getComputedStyle(node).overflowY) && !node.matches('table, pre')) return node;
  }
  return null;
}
