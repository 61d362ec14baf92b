/** What waits for its pace goes when the person leaves the field, and nothing is asked of the store where nothing was typed. */
import { expect, test, vi } from 'vitest';
import type { SaveState } from '#app/app.ts';
import { createSource } from '#app/observable.ts';
import { sendOnBlur } from '#app/send-on-blur.ts';
import { ok } from '#core/result.ts';

function start(waiting: number) {
  const page = new EventTarget();
  const saveState = createSource<SaveState>({ type: 'clean' });
  const did: string[] = [];
  sendOnBlur({
    page,
    saveState,
    async flush() {
      did.push('flush');
      saveState.set({ type: 'saved', at: 1 });
    },
    async release() {
      did.push('release');
      return ok(waiting);
    },
    drain: () => did.push('drain'),
  });
  const blur = () => page.dispatchEvent(new Event('focusout'));
  const settle = () => new Promise((resolve) => setTimeout(resolve));
  return { saveState, did, blur, settle };
}

test('typed words are committed, let go and sent, once', async () => {
  const { saveState, did, blur, settle } = start(1);
  saveState.set({ type: 'dirty' });
  blur();
  await vi.waitFor(() => expect(did).toEqual(['flush', 'release', 'drain']));
  blur();
  await settle();
  expect(did).toHaveLength(3);
});

test('a field that hands over its words as it is left is taken', async () => {
  const { saveState, did, blur } = start(1);
  blur();
  saveState.set({ type: 'dirty' });
  await vi.waitFor(() => expect(did).toContain('drain'));
});

test('where nothing was typed the store is not asked, and where nothing waits no drain is', async () => {
  const { saveState, did, blur, settle } = start(0);
  blur();
  await settle();
  expect(did).toEqual([]);
  saveState.set({ type: 'dirty' });
  blur();
  await settle();
  expect(did).toEqual(['flush', 'release']);
});
