/** Whatever comes in whatever order between a key and its commit, what was on the screen is what is there afterwards. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEditingWorld, type EditingPage, type EditingWorld } from '#support/editing-world.ts';
import { runs } from '#support/property-runs.ts';

const words = ['alpha', 'beta', 'gamma', 'delta'];

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('type' as const), word: fc.constantFrom(...words), at: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('delete' as const), at: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('undo' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('title' as const), word: fc.constantFrom(...words) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('timer' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('arrive' as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('answer' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('lose' as const), arrives: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refuse' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('hide' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('star' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('replay' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('end' as const), late: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('kill' as const), late: fc.boolean() }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

interface Screen {
  readonly title: string;
  readonly text: string;
}

const screenOf = ({ session: { fields } }: EditingPage): Screen => ({
  title: String(fields['title'] ?? ''),
  text: String(fields['text'] ?? ''),
});

const savesOfRows = async (world: EditingWorld) =>
  (await world.rows()).flatMap((row) => [row, ...(row.inFlight ? [row.inFlight] : [])]);

/** Somebody who edits one note, alone, on one device, in one page after the other. */
async function edit(steps: readonly Step[], world: EditingWorld): Promise<void> {
  let page = await world.openPage({ title: 'start', text: 'one two three' });
  await page.fireTimers();
  await page.handed[0]?.answer();
  /** Every screen since what is known to be on the disk: a kill takes the page back to one of them. */
  let screens: Screen[] = [screenOf(page)];
  let past: string[] = [];
  const patches = new Map<string, string>();

  const show = (patch: { readonly title?: string; readonly text?: string }): void => {
    page.session.set(patch);
    screens.push(screenOf(page));
  };

  const reopen = async (): Promise<void> => {
    expect(await world.replay(), 'rows that stay').toBe(0);
    page = await world.openPage();
    past = [];
  };

  for (const one of steps) {
    const { text } = screenOf(page);
    const parts = text === '' ? [] : text.split(' ');
    switch (one.do) {
      case 'type':
        past.push(text);
        parts.splice(Math.min(one.at, parts.length), 0, one.word);
        show({ text: parts.join(' ') });
        break;
      case 'delete':
        past.push(text);
        show({ text: parts.filter((_, at) => at !== one.at % Math.max(1, parts.length)).join(' ') });
        break;
      case 'undo': {
        const before = past.pop();
        if (before !== undefined) show({ text: before });
        break;
      }
      case 'title':
        show({ title: one.word });
        break;
      case 'timer':
        await page.fireTimers();
        break;
      case 'arrive':
        await page.handed[0]?.arrive();
        break;
      case 'answer':
        await page.handed[0]?.answer();
        break;
      case 'lose':
        if (one.arrives) await page.handed[0]?.arrive();
        await page.handed[0]?.lose();
        break;
      case 'refuse':
        await page.handed[0]?.lose({ type: 'QuotaExceeded' });
        break;
      case 'hide':
        await page.writeJournal();
        screens = [screenOf(page)];
        break;
      case 'star': {
        // By another tab, or a button: the row moves on under what is on its way.
        const now = await world.store.get('note', world.id);
        const starred = now.ok && now.value?.fields['starred'] !== true;
        const saveId = `${world.id}-${Math.random()}`;
        if (now.ok && now.value) {
          const { localSeq } = now.value;
          await world.store.save({ kind: 'note', id: world.id, patch: { starred }, base: {}, baseSeq: localSeq, saveId });
          await page.session.refresh();
        }
        break;
      }
      case 'replay':
        await world.replay();
        break;
      case 'end':
      case 'kill': {
        if (one.do === 'end') await page.writeJournal();
        const seen = one.do === 'end' ? [screenOf(page)] : screens;
        const onItsWay = page.handed[0];
        page.end();
        // The save may reach the store before the next page starts, after it, or never.
        if (!one.late) await onItsWay?.arrive();
        await reopen();
        if (one.late) await onItsWay?.arrive();
        await page.session.refresh();
        expect(seen, `after ${one.do}`).toContainEqual(screenOf(page));
        screens = [screenOf(page)];
      }
    }
    expect(page.handed.length, 'one save at a time').toBeLessThan(2);
    for (const { saveId, patch } of [...page.handed.map(({ request }) => request), ...(await savesOfRows(world))]) {
      const text = JSON.stringify(patch);
      expect(patches.get(saveId) ?? text, 'a saveId names one patch').toBe(text);
      patches.set(saveId, text);
    }
    // Committed and learned of: from here on no kill takes it away.
    if (page.session.pending === 'none') screens = [screenOf(page)];
  }

  for (let round = 0; round < 20 && page.session.pending !== 'none'; round++) {
    await page.fireTimers();
    await page.handed[0]?.answer();
  }
  expect(page.session.pending).toBe('none');
  const { title, text } = screenOf(page);
  expect(await world.fields()).toMatchObject({ title, text });
  expect(await world.rows(), 'rows of what is committed').toEqual([]);
}

/** The journal has the first word; it is undone, typed elsewhere, and that save arrives only after the journal was replayed. */
const replayedBeforeItsSave: Step[] = [
  { do: 'type', word: 'alpha', at: 0 },
  { do: 'hide' },
  { do: 'undo' },
  { do: 'type', word: 'alpha', at: 2 },
  { do: 'timer' },
  { do: 'kill', late: true },
];

test('keys, undo, answers, lost answers, refusals, hiding, ends and kills, in any order: what was on the screen is there', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 40 }), (steps) => edit(steps, createEditingWorld())),
    { numRuns: runs(400), examples: [[replayedBeforeItsSave]] },
  );
});

const act = fc.record({
  page: fc.nat(1),
  do: fc.constantFrom(
    'type',
    'type',
    'type',
    'timer',
    'timer',
    'arrive',
    'answer',
    'answer',
    'lose',
    'hide',
    'refresh',
    'end',
    'replay',
  ),
  at: fc.nat(5),
});

test('two pages type into one note, hide, end and start again in any order: no word is gone', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 6, maxLength: 50 }), async (acts) => {
      const world = createEditingWorld();
      const first = await world.openPage({ text: 'one\ntwo\nthree' });
      await first.fireTimers();
      await first.handed[0]?.answer();
      const pages = [first, await world.openPage()];
      const typed = ['one', 'two', 'three'];
      for (const one of acts) {
        const page = pages[one.page] as EditingPage;
        world.wait(40);
        switch (one.do) {
          case 'type': {
            const word = `w${typed.length}w`;
            typed.push(word);
            const lines = screenOf(page).text.split('\n');
            lines.splice(Math.min(one.at, lines.length), 0, word);
            page.session.set({ text: lines.join('\n') });
            break;
          }
          case 'timer':
            await page.fireTimers();
            break;
          case 'arrive':
            await page.handed[0]?.arrive();
            break;
          case 'answer':
            await page.handed[0]?.answer();
            break;
          case 'lose':
            await page.handed[0]?.arrive();
            await page.handed[0]?.lose();
            break;
          case 'hide':
            await page.writeJournal();
            break;
          case 'refresh':
            await page.session.refresh();
            break;
          case 'replay':
            await world.replay();
            break;
          case 'end': {
            await page.writeJournal();
            const late = page.handed[0];
            page.end();
            await world.replay();
            pages[one.page] = await world.openPage();
            await late?.arrive();
          }
        }
      }
      for (let round = 0; round < 20; round++) {
        for (const page of pages) {
          await page.fireTimers();
          await page.handed[0]?.answer();
        }
      }
      expect(pages.map(({ session }) => session.pending)).toEqual(['none', 'none']);
      expect(await world.rows()).toEqual([]);
      const text = String((await world.fields())['text']);
      const counts = typed.map((word) => text.split('\n').filter((line) => line === word).length);
      expect(Object.fromEntries(typed.map((word, at) => [word, counts[at]]))).toEqual(
        Object.fromEntries(typed.map((word) => [word, 1])),
      );
    }),
    { numRuns: runs(200) },
  );
});
