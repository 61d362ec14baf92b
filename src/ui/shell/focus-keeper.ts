/**
 * Focus never falls to nowhere. When what has it goes (a row that was deleted, a document that was closed, a message that
 * ran out) the nearest thing beside it gets it, or else `main`; what was disabled while it worked gets it back. Without
 * that, a keyboard starts again at the top of the page, and a screen reader says nothing.
 */
import { focusedElement } from '#ui/controllers/focused.ts';
import { isTouch } from '#ui/controllers/touch.ts';

/** Groups small enough that their first control is beside what went. */
const GROUPS = 'li, ul, ol, form, article, section, dialog, nav, [role="group"], [role="menu"]';
/** No text fields: on a phone the keyboard would jump up. */
const CONTROLS = 'a[href], button:not(:disabled), summary, [tabindex="0"]';

/** What its group names as the next: where one goes on after what went. */
const HEIR = '[data-heir]:not(:disabled)';
const FIELDS = 'input, textarea';

/** Watches the page from now on. Gives the end of that. */
export function keepFocus(main: HTMLElement): () => void {
  /** What has the focus, or had it when it went, and what is around it, across shadow roots. */
  let path: readonly Element[] = [];
  /** The focus has just gone, and whether a person has taken it away is known in the next task. */
  let isLeaving = false;
  const seen = new IntersectionObserver(() => look());
  const enabled = new MutationObserver(() => look());

  const record = (): void => {
    const next = focusedPath();
    if (next[0] === path[0]) return;
    path = next;
    seen.disconnect();
    enabled.disconnect();
    const [focused] = path;
    if (!focused) return;
    // Told when it is gone or hidden, without a look at every change of the page.
    seen.observe(focused);
    enabled.observe(focused, { attributes: true, attributeFilter: ['disabled'] });
  };

  const look = (): void => {
    const [last] = path;
    if (!last || isLeaving || focusedPath().length > 0) return;
    if (last.matches(':disabled')) return;
    if (isShown(last)) (last as HTMLElement).focus({ preventScroll: true });
    else beside(path, main).focus({ preventScroll: true });
    record();
  };

  /** A field that was left on purpose is no loss. */
  const onLeave = (): void => {
    isLeaving = true;
    setTimeout(() => {
      isLeaving = false;
      const [last] = path;
      if (last && isShown(last) && !last.matches(':disabled')) record();
      else look();
    });
  };

  // A move inside one shadow root is reported to nobody outside of it: those inside a panel are found by the next key or click.
  const root = main.getRootNode();
  const watched = ['keydown', 'click'] as const;
  for (const type of watched) addEventListener(type, record, true);
  root.addEventListener('focusin', record);
  root.addEventListener('focusout', onLeave);
  record();
  return () => {
    for (const type of watched) removeEventListener(type, record, true);
    root.removeEventListener('focusin', record);
    root.removeEventListener('focusout', onLeave);
    seen.disconnect();
    enabled.disconnect();
  };
}

function focusedPath(): readonly Element[] {
  const focused = focusedElement();
  if (!focused || focused === document.body) return [];
  const path: Element[] = [];
  for (let node: Node | null = focused; node; node = node instanceof ShadowRoot ? node.host : node.parentNode) {
    if (node instanceof Element) path.push(node);
  }
  return path;
}

const isShown = (element: Element): boolean => element.isConnected && element.checkVisibility({ visibilityProperty: true });

function beside(path: readonly Element[], main: HTMLElement): HTMLElement {
  for (const around of path.slice(1)) {
    if (around === main) break;
    if (!around.isConnected || !around.matches(GROUPS)) continue;
    const control = firstOf(around, HEIR) ?? firstOf(around, CONTROLS);
    if (control) return control;
  }
  return main;
}

function firstOf(parent: ParentNode, selector: string): HTMLElement | undefined {
  for (const child of parent.children) {
    if (child instanceof HTMLElement && child.matches(selector) && isShown(child) && !(isTouch() && child.matches(FIELDS)))
      return child;
    const inside = (child.shadowRoot && firstOf(child.shadowRoot, selector)) ?? firstOf(child, selector);
    if (inside) return inside;
  }
  return undefined;
}
