/** The rule of every layout: nothing reaches beyond the box that it scrolls in, or is cut by, to the side. */
import type { Page } from '@playwright/test';

/**
 * What reaches too far on the page as it is now, in words; empty where the layout holds. What is meant to scroll to the side
 * (code, tables, the strip of tabs) may be wider than its box; text that ends in an ellipsis may be cut.
 */
export const overreach = (page: Page): Promise<readonly string[]> => page.evaluate(findOverreach);

/** Runs in the page. */
function findOverreach(): readonly string[] {
  /** Half a pixel of rounding on each side. */
  const SLACK_PX = 1.5;
  const found: string[] = [];
  const name = (element: Element): string => {
    const label = element.getAttribute('aria-label') ?? element.textContent?.replaceAll(/\s+/g, ' ').trim().slice(0, 30) ?? '';
    const className = element.getAttribute('class');
    return `${element.localName}${className ? `.${className.trim().replaceAll(/\s+/g, '.')}` : ''} "${label}"`;
  };

  interface Box {
    readonly left: number;
    readonly right: number;
    readonly of: string;
  }

  const visit = (element: Element, box: Box): void => {
    const style = getComputedStyle(element);
    if (style.display === 'none' || style.visibility === 'hidden') return;
    // Only screen readers meet what is clipped to nothing.
    const rect = element.getBoundingClientRect();
    if (style.position === 'absolute' && ((rect.width <= 1 && rect.height <= 1) || style.clipPath === 'inset(50%)')) return;
    let inner = box;
    // What is fixed or in the top layer belongs to the window.
    if (style.position === 'fixed' || element.matches(':modal, :popover-open'))
      inner = { left: 0, right: document.documentElement.clientWidth, of: 'the window' };
    const isShown = rect.width > 0 && rect.height > 0 && style.opacity !== '0' && style.display !== 'contents';
    if (isShown && (rect.left < inner.left - SLACK_PX || rect.right > inner.right + SLACK_PX)) {
      const byPx = Math.round(Math.max(inner.left - rect.left, rect.right - inner.right));
      // By how much differs from width to width, and says nothing of the cause.
      found.push(`${name(element)} reaches beyond ${inner.of}${byPx > 4 ? '' : ` by ${byPx} px`}`);
      // Its contents would say the same.
      return;
    }
    const isCut = style.overflowX !== 'visible' || style.contain.includes('paint') || style.contain === 'strict';
    const scrolls = style.overflowX === 'auto' || style.overflowX === 'scroll';
    // A box of its own to the side: its rows may be as long as they are.
    if (scrolls && element.scrollWidth > element.clientWidth + SLACK_PX) {
      if (mayScroll(element)) return;
      found.push(`${name(element)} scrolls to the side`);
    }
    if (isCut && style.textOverflow === 'ellipsis') return;
    if (isCut && style.display !== 'inline') inner = { left: rect.left, right: rect.right, of: name(element) };
    for (const child of childrenOf(element)) visit(child, inner);
  };

  const mayScroll = (element: Element): boolean =>
    element.matches('pre, table, textarea, input, [role="tablist"], [aria-label="Open documents"] > ul') ||
    element.querySelector(':scope > table, :scope > pre') !== null;

  const childrenOf = (element: Element): readonly Element[] => {
    if (element instanceof HTMLSlotElement) {
      const assigned = element.assignedElements();
      return assigned.length > 0 ? assigned : [...element.children];
    }
    // The lines of a drawing are in their own coordinates.
    if (element instanceof SVGElement) return [];
    return [...(element.shadowRoot?.children ?? element.children)];
  };

  visit(document.body, { left: 0, right: document.documentElement.clientWidth, of: 'the window' });
  if (document.documentElement.scrollWidth > document.documentElement.clientWidth) found.push('the page scrolls to the side');
  // The app fills the window, and what is in it scrolls: a page that scrolls itself loses its bars when a field takes the focus.
  if (document.documentElement.scrollHeight > document.documentElement.clientHeight) found.push('the page scrolls up and down');
  return found.slice(0, 5);
}
