/** Each paragraph, heading and cell takes the direction of its own first letter. */
const LEAVES = 'p, h1, h2, h3, h4, h5, h6, td, th, dt, dd, summary, figcaption, caption';
/** Their marks, indents and columns go with the first letter anywhere inside, which `auto` does not see in what has a direction itself. */
const CONTAINERS = 'ul, ol, blockquote, dl, details, section, table';
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
/** Enough to find a letter. */
const LOOK_AHEAD = 400;

export function setDirections(fragment: DocumentFragment): void {
  for (const leaf of fragment.querySelectorAll(LEAVES)) leaf.setAttribute('dir', leaf.getAttribute('dir') ?? 'auto');
  for (const container of fragment.querySelectorAll(CONTAINERS)) {
    if (isRightToLeft(container.textContent ?? '')) container.setAttribute('dir', container.getAttribute('dir') ?? 'rtl');
  }
  for (const code of fragment.querySelectorAll('pre')) code.setAttribute('dir', 'ltr');
}

const isRightToLeft = (text: string): boolean => RIGHT_TO_LEFT.test(/\p{L}/u.exec(text.slice(0, LOOK_AHEAD))?.[0] ?? '');
