/** *Copy* on each block of code. */
const SHOWN_MS = 2000;

export function addCopyButtons(block: ParentNode): void {
  for (const code of block.querySelectorAll<HTMLElement>('pre > code:not(.language-math)')) {
    const frame = document.createElement('div');
    frame.className = 'code';
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Copy';
    button.addEventListener('click', () => void copy(code, button));
    code.parentElement?.replaceWith(frame);
    const pre = code.parentElement;
    if (pre) frame.append(pre, button);
  }
}

async function copy(code: HTMLElement, button: HTMLButtonElement): Promise<void> {
  try {
    await navigator.clipboard.writeText((code.textContent ?? '').replace(/\n$/, ''));
    button.textContent = 'Copied';
  } catch {
    // Over plain http there is no clipboard: the text is selected, for Ctrl+C.
    getSelection()?.selectAllChildren(code);
    button.textContent = 'Selected: press Ctrl+C';
  }
  setTimeout(() => {
    button.textContent = 'Copy';
  }, SHOWN_MS);
}
