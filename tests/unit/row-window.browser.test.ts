/** A list that is drawn whole while it is short, and in part when it is long: what a person sees does not move in between. */
import { html, LitElement, type TemplateResult } from 'lit';
import { ref } from 'lit/directives/ref.js';
import { afterEach, expect, test, vi } from 'vitest';
import { rowWindow } from '#ui/controllers/row-window.ts';
import { cssProperties } from '#ui/parts/css-properties.ts';

const VIEW_PX = 400;
/** Not what the rows really have. */
const GUESSED_PX = 100;
const heightOf = (index: number): number => 50 + (index % 3) * 10;

class TestList extends LitElement {
  length = 0;
  extraPx = 0;
  readonly rows = rowWindow(this, { scroller: () => this.scroller, rowPx: () => GUESSED_PX });

  get scroller(): HTMLElement {
    return this.renderRoot.querySelector('.scroller') as HTMLElement;
  }

  override render(): TemplateResult {
    const { rows } = this;
    rows.setRows(this.length, (index) => `row-${index}`);
    const { totalPx } = rows;
    return html`<div class="scroller" ${cssProperties({ 'block-size': `${VIEW_PX}px`, 'overflow-y': 'auto', 'overflow-anchor': 'none' })}>
      <div class="all" ${cssProperties({
        'box-sizing': 'border-box',
        'block-size': totalPx === undefined ? 'auto' : `${totalPx}px`,
        'padding-block-start': `${rows.offsetPx}px`,
      })}>
        ${rows.indices.map(
          (index) => html`<div class="row" data-index=${index} ${ref(rows.measure)}
            ${cssProperties({ 'block-size': `${heightOf(index) + (index === 1 ? this.extraPx : 0)}px` })}>${index}</div>`,
        )}
      </div>
    </div>`;
  }
}
customElements.define('test-row-list', TestList);

afterEach(() => document.body.replaceChildren());

async function show(length: number): Promise<TestList> {
  const list = new TestList();
  list.length = length;
  document.body.append(list);
  await list.updateComplete;
  return list;
}

const drawn = (list: TestList): readonly number[] =>
  [...list.renderRoot.querySelectorAll<HTMLElement>('.row')].map((row) => Number(row.dataset['index']));

/** Where a row is, in px below the list's upper edge. */
const topOf = (list: TestList, index: number): number | undefined => {
  const row = list.renderRoot.querySelector(`[data-index="${index}"]`);
  return row ? row.getBoundingClientRect().top - list.scroller.getBoundingClientRect().top : undefined;
};

const isTakenOver = (list: TestList): boolean =>
  list.rows.totalPx !== undefined && list.rows.totalPx !== list.length * GUESSED_PX;

test('a short list is drawn whole, as high as its rows', async () => {
  const list = await show(30);
  expect(drawn(list)).toHaveLength(30);
  expect(list.scroller.scrollHeight).toBe(30 * 60);
});

test('the first rows of a long list are there at once, and stay where they are when only those in sight are drawn', async () => {
  const list = await show(1000);
  expect(drawn(list)).toHaveLength(40);
  list.scroller.scrollTop = 700;
  const before = [11, 12, 15].map((index) => topOf(list, index));
  await vi.waitUntil(() => isTakenOver(list), { timeout: 10_000 });
  await list.updateComplete;
  expect(drawn(list).length).toBeLessThan(40);
  expect([11, 12, 15].map((index) => topOf(list, index))).toEqual(before);
});

test('then every row can be reached, and one that grows moves those below it', async () => {
  const list = await show(1000);
  await vi.waitUntil(() => isTakenOver(list), { timeout: 10_000 });
  await list.updateComplete;
  list.extraPx = 40;
  list.requestUpdate();
  await vi.waitUntil(() => topOf(list, 2) === 50 + 60 + 40);
  const before = list.rows.totalPx;
  list.extraPx = 80;
  list.requestUpdate();
  await vi.waitUntil(() => list.rows.totalPx === Number(before) + 40);
  list.rows.reveal(900);
  await vi.waitUntil(() => drawn(list).includes(900));
  const top = Number(topOf(list, 900));
  expect(top).toBeGreaterThanOrEqual(0);
  expect(top).toBeLessThan(VIEW_PX);
});
