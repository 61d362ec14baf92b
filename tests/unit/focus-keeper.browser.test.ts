/** Where the focus goes when what had it goes. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepFocus } from '#ui/shell/focus-keeper.ts';

let main: HTMLElement;
let stop: () => void;

/** A `main` with a custom element's shadow root in it, as in the app. */
function build(rows: string): ShadowRoot {
  main = Object.assign(document.createElement('main'), { tabIndex: -1 });
  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  const template = new DOMParser().parseFromString(rows, 'text/html');
  root.append(...template.body.childNodes);
  main.append(host);
  document.body.append(main);
  stop = keepFocus(main);
  return root;
}

const find = (root: ParentNode, selector: string): HTMLElement => root.querySelector(selector) as HTMLElement;

function focused(): Element | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
}

beforeEach(() => document.body.replaceChildren());
afterEach(() => stop());

test('of a list that still has rows, the first control that is left', async () => {
  const root = build('<input><ul><li><button id="a">A</button></li><li><button id="b">B</button></li></ul>');
  find(root, '#a').focus();
  find(root, '#a').closest('li')?.remove();
  await vi.waitFor(() => expect(focused()).toBe(find(root, '#b')));
});

test('of a document that is closed, the main part; a text field beside it is not taken', async () => {
  const root = build('<section><input></section><div class="document"><button>Menu</button></div>');
  find(root, 'button').focus();
  find(root, '.document').remove();
  await vi.waitFor(() => expect(focused()).toBe(main));
});

test('a control that takes the place of what goes is named by its group, a text field as well', async () => {
  const root = build('<form><button id="add">Add</button><textarea data-heir></textarea><button id="stop">Stop</button></form>');
  find(root, '#stop').focus();
  find(root, '#stop').remove();
  await vi.waitFor(() => expect(focused()).toBe(find(root, 'textarea')));
});

test('what is hidden counts as gone', async () => {
  const root = build('<article><button id="a">A</button><button id="b">B</button></article>');
  find(root, '#a').focus();
  find(root, '#a').hidden = true;
  await vi.waitFor(() => expect(focused()).toBe(find(root, '#b')));
});

test('what was disabled while it worked has it again', async () => {
  const root = build('<button id="a">Test</button>');
  const button = find(root, '#a') as HTMLButtonElement;
  button.focus();
  button.disabled = true;
  await new Promise((resolve) => setTimeout(resolve, 100));
  button.disabled = false;
  await vi.waitFor(() => expect(focused()).toBe(button));
});

test('a field that a person leaves stays left, also when it goes later', async () => {
  const root = build('<input><ul><li><button>A</button></li></ul>');
  find(root, 'input').focus();
  find(root, 'input').blur();
  await new Promise((resolve) => setTimeout(resolve, 50));
  find(root, 'input').remove();
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(focused()).toBe(document.body);
});
