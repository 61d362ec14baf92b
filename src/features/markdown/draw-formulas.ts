/** TeX becomes MathML, which the browser lays out by itself. The library comes only with the first formula. */
import { lazy } from '#core/lazy.ts';

const library = lazy(async () => (await import('temml')).default);
const FORMULA = 'code.language-math, code.language-math-display';
/** A longer one stays as it is written: it would hold up the page. */
const MOST_CHARS = 5000;

/** Draws the formulas of a block. Until the library is there, and where a formula is wrong, its TeX is shown as code. */
export function drawFormulas(block: ParentNode): void {
  const found = [...block.querySelectorAll<HTMLElement>(FORMULA)].filter(
    ({ textContent }) => (textContent ?? '').length <= MOST_CHARS,
  );
  if (found.length === 0) return;
  void library().then((loaded) => {
    if (loaded.ok) for (const code of found) draw(code, loaded.value);
  });
}

function draw(code: HTMLElement, temml: typeof import('temml').default): void {
  const fence = code.parentElement?.nodeName === 'PRE' ? code.parentElement : null;
  const displayMode = fence !== null || code.className === 'language-math-display';
  const place = document.createElement('span');
  place.className = displayMode ? 'formula display' : 'formula';
  try {
    // Untrusted: no links, no classes and no styles of the text's own.
    temml.render(code.textContent ?? '', place, {
      displayMode,
      trust: false,
      throwOnError: true,
      annotate: true,
      maxExpand: 200,
      maxSize: [20, 100],
    });
  } catch (error) {
    code.title = error instanceof Error ? error.message : String(error);
    code.classList.add('wrong-formula');
    return;
  }
  if (displayMode) place.tabIndex = 0;
  (fence ?? code).replaceWith(place);
}
