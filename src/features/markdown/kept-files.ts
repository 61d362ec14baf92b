/** Pictures and files that are kept beside a text, by their references (`src/core/blobs.ts`). */
import { readReference } from '#core/blobs.ts';

/**
 * The element that shows a blob: `<kept-file hash extension [picture]>words</kept-file>`. Whoever draws Markdown in the app defines
 * it (`src/ui/parts/kept-file.ts`); without that, its words are shown.
 */
const KEPT_FILE = 'kept-file';

/** Puts a kept file in the place of a picture or a link that refers to one. Gives whether it does. */
export function replaceKept(element: HTMLImageElement | HTMLAnchorElement, address: string | null): boolean {
  const reference = readReference(address ?? '');
  if (!reference) return false;
  const kept = document.createElement(KEPT_FILE);
  kept.setAttribute('hash', reference.hash);
  kept.setAttribute('extension', reference.extension);
  const isPicture = element instanceof HTMLImageElement;
  kept.toggleAttribute('picture', isPicture);
  if (isPicture) kept.textContent = element.alt;
  // A picture that leads to a file keeps its place.
  else kept.append(...element.childNodes);
  element.replaceWith(kept);
  return true;
}
