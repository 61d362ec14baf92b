/**
 * One sheet, shared by every shadow root, that stops all motion. A media query could not: the person may ask for more or
 * less motion than the system does, and no selector of a shadow root sees the page's root in every browser.
 */
const sheet = new CSSStyleSheet();

const STILL = `*, *::before, *::after {
  animation-duration: 0s !important;
  animation-delay: 0s !important;
  transition-duration: 0s !important;
  scroll-behavior: auto !important;
}`;

/** Part of `baseStyles`. */
export const stillSheet = sheet;

/** Stops all motion, or lets it go. */
export function setStill(still: boolean): void {
  const rules = still ? 1 : 0;
  if (sheet.cssRules.length !== rules) sheet.replaceSync(still ? STILL : '');
}
