/** Links inside a text: to a heading by the name that GitHub gives it, to an anchor of raw HTML, to a footnote and back. */

/** Where an element keeps the name by which links of the text find it. It is no id, so that it cannot clash with the page's. */
export const ANCHOR = 'data-anchor';

/** A heading's name as GitHub makes it: small letters, blanks to dashes, no punctuation. */
export const headingSlug = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');

/** The element below `root` that `#fragment` names: a heading (the second of the same name ends with `-1`) or an anchor. */
export function findAnchor(root: ParentNode, fragment: string): Element | null {
  const wanted = decode(fragment);
  const lower = wanted.toLowerCase();
  const seen = new Map<string, number>();
  for (const element of root.querySelectorAll(`h1, h2, h3, h4, h5, h6, [${ANCHOR}]`)) {
    if (element.getAttribute(ANCHOR) === fragment || element.getAttribute(ANCHOR) === wanted) return element;
    if (!/^H[1-6]$/.test(element.nodeName)) continue;
    const slug = headingSlug(element.textContent ?? '');
    const before = seen.get(slug);
    seen.set(slug, (before ?? -1) + 1);
    const name = before === undefined ? slug : `${slug}-${before + 1}`;
    // A heading that is itself called "name-1" keeps its name from the next one of "name".
    if (before !== undefined) seen.set(name, seen.get(name) ?? 0);
    if (name === lower) return element;
  }
  return null;
}

/** The element that a click on a link of the text leads to; null for any other click. */
export function anchorOfClick(root: ParentNode, event: Event): Element | null {
  const link = event.composedPath().find((target) => target instanceof HTMLAnchorElement);
  const href = link instanceof HTMLAnchorElement ? link.getAttribute('href') : null;
  return href?.startsWith('#') ? findAnchor(root, href.slice(1)) : null;
}

function decode(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
