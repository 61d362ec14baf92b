/** *Undo* in a page that was open for months may name a picture that nothing else names any more. */
import { expect, test } from 'vitest';
import { createSource } from '#app/observable.ts';
import { createShownFiles } from '#app/shown-files.ts';
import { tabLock } from '#core/channels.ts';
import type { EntityView } from '#store/store.ts';
import { someBytes } from '#support/blob-bytes.ts';
import { openBlobWorld } from '#support/blob-world.ts';
import { must } from '#support/memory-workspace.ts';

const DAY = 24 * 3_600_000;
const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

function openPage() {
  const told: (readonly string[])[] = [];
  const due: (() => void)[] = [];
  const setTimer = (_ms: number, fire: () => void) => {
    due.push(fire);
    return () => {};
  };
  const shown = createShownFiles({ setTimer }, async (hashes) => told.push(hashes));
  const show = (id: string, text: string) => {
    const viewOf = (fields: object) => ({ kind: 'note', id, fields }) as EntityView;
    const view = createSource<EntityView | null>(viewOf({ text }));
    const session = { kind: 'note', id, view } as Parameters<typeof shown.follow>[0];
    shown.follow(session);
    return { type: (next: string) => view.set(viewOf({ text: next })), close: () => shown.end(session) };
  };
  const tell = () => {
    for (const fire of due.splice(0)) fire();
    return told.at(-1) ?? [];
  };
  return { show, tell, told };
}

test('a page tells once of all files that a document of it has shown, those taken out again included', () => {
  const { show, tell, told } = openPage();
  const note = show('n', `![](files/${A}.png)`);
  note.type('');
  note.type(`files/${B}`);
  show('m', 'no file');
  expect(tell()).toEqual([A, B]);
  note.type(`files/${A} and more`);
  expect([tell(), told.length]).toEqual([[A, B], 1]);
});

test('a closed document is remembered while fewer than 50 others are closed after it; an open one always', () => {
  const { show, tell } = openPage();
  show('open', `files/${A}`);
  show('closed', `files/${B}`).close();
  const pass = (from: number, to: number): void => {
    for (let at = from; at < to; at++) show(`n${at}`, `files/${String(at).padStart(64, '0')}`).close();
  };
  pass(0, 49);
  expect(tell()).toEqual(expect.arrayContaining([A, B]));
  pass(49, 60);
  const after = tell();
  expect([after.includes(A), after.includes(B), after.length]).toEqual([true, false, 51]);
});

test('what an open page has shown is not collected for as long as it is open, and goes 30 days after it is found gone', async () => {
  const { blobs, locks, time } = openBlobWorld();
  const { hash } = must(await blobs.put(someBytes(1000), { type: 'image/png' }));
  let close = (): void => {};
  const closing = new Promise<void>((resolve) => {
    close = resolve;
  });
  const page = locks.hold(tabLock('tab'), () => closing);
  must(await blobs.noteShown('tab', [hash]));
  const collectLater = async (days: number) => {
    time.ms += days * DAY;
    return must(await blobs.collect()).hashes;
  };
  for (let month = 0; month < 4; month++) expect(await collectLater(31)).toEqual([]);
  close();
  await page;
  expect(await collectLater(31)).toEqual([]);
  expect(await collectLater(29)).toEqual([]);
  expect(await collectLater(2)).toEqual([hash]);
});
