/** Words marked in what is shown, and an element kept above the on-screen keyboard. */
import { html, LitElement } from 'lit';
import { afterEach, expect, test } from 'vitest';
import { aboveKeyboard } from '#ui/controllers/above-keyboard.ts';
import { type TextMarks, textMarks } from '#ui/controllers/text-marks.ts';
import { placesOf } from '#ui/text/find-places.ts';

const frame = (): Promise<void> => new Promise((resolve) => requestAnimationFrame(() => resolve()));
const highlighted = (name: string): readonly string[] => [...(CSS.highlights.get(name) ?? [])].map(String);

class MarkedText extends LitElement {
  readonly marks: TextMarks = textMarks(this, { root: () => this.renderRoot, skip: '.skipped' });

  override render() {
    return html`<div class="far"><p>One cat.</p></div><div class="skipped">cat</div>
      <details><summary>More</summary><p>A <b>Cat</b> and a category.</p></details>`;
  }
}
customElements.define('marked-text', MarkedText);

class LowBar extends LitElement {
  constructor() {
    super();
    aboveKeyboard(this, () => this.renderRoot.querySelector('div'));
  }

  override render() {
    return html`<div></div>`;
  }
}
customElements.define('low-bar', LowBar);

afterEach(() => document.body.replaceChildren());

async function open<E extends LitElement>(name: string): Promise<E> {
  const element = document.createElement(name) as E;
  document.body.append(element);
  await element.updateComplete;
  return element;
}

test('places are marked and walked through, round the end; a fold is opened for what is in it', async () => {
  const text = await open<MarkedText>('marked-text');
  const { marks } = text;
  marks.show(placesOf({ words: 'cat', matchCase: false, wholeWord: false }), true);
  await frame();
  expect([marks.at, marks.total]).toEqual([0, 3]);
  expect(highlighted('found')).toEqual(['cat', 'Cat', 'cat']);
  marks.step(1);
  expect(highlighted('found-current')).toEqual(['Cat']);
  expect(text.renderRoot.querySelector('details')?.open).toBe(true);
  marks.step(2);
  expect(marks.at).toBe(0);
  marks.step(-1);
  expect(marks.at).toBe(2);
  marks.show(placesOf({ words: 'Cat', matchCase: true, wholeWord: true }));
  await frame();
  expect([marks.at, marks.total]).toEqual([-1, 1]);
  marks.show(null);
  expect([marks.total, CSS.highlights.has('found')]).toEqual([0, false]);
});

test('marks follow a text that grows, and go with their element', async () => {
  const text = await open<MarkedText>('marked-text');
  text.marks.show(placesOf({ words: 'one', matchCase: false, wholeWord: false }), true);
  await frame();
  text.renderRoot.querySelector('.far')?.append('One more.');
  text.marks.follow();
  await frame();
  expect([text.marks.at, text.marks.total]).toEqual([0, 2]);
  text.remove();
  expect(CSS.highlights.has('found')).toBe(false);
});

test('an element is lifted to the edge of what the keyboard leaves free, and comes down again', async () => {
  const bar = await open<LowBar>('low-bar');
  const low = bar.renderRoot.querySelector('div') as HTMLElement;
  Object.assign(low.style, { position: 'fixed', insetBlockEnd: '0', blockSize: '44px', inlineSize: '100px' });
  // No browser of the tests has an on-screen keyboard: what it does to the visual viewport is put in its place.
  const seen = visualViewport as VisualViewport;
  const show = async (height: number): Promise<number> => {
    Object.defineProperty(seen, 'height', { configurable: true, value: height });
    seen.dispatchEvent(new Event('resize'));
    await frame();
    return Math.round(low.getBoundingClientRect().bottom);
  };
  expect(await show(innerHeight - 200)).toBe(innerHeight - 200);
  expect(await show(innerHeight - 120)).toBe(innerHeight - 120);
  expect(await show(innerHeight)).toBe(innerHeight);
  Reflect.deleteProperty(seen, 'height');
});
