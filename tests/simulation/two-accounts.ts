/**
 * One browser with two accounts, the work of one on its way into the other: both are written in meanwhile and afterwards, the
 * way is cut at any step and goes on, tabs save late into the account that was left. Every line that is ever written is
 * unique, so what a person must find at the end can be counted (invariant 7).
 */
import type { Fields } from '#core/entity.ts';
import type { MergeOutcome } from '#core/merge/merge.ts';
import type { Kv } from '#core/ports.ts';
import { PURGED, type WorkspaceTables } from '#store/schema/schema.ts';
import { acknowledge, bring, edit, type MemoryWorkspace, START } from '#support/bring-world.ts';
import { must, openMemoryWorkspace } from '#support/memory-workspace.ts';
import { createPrng } from './prng.ts';

/** What a mutation puts in the place of a database, or of the way. */
export interface TwoAccountsMutation {
  readonly name: string;
  readonly from?: (kv: Kv<WorkspaceTables>) => Kv<WorkspaceTables>;
  readonly into?: (kv: Kv<WorkspaceTables>) => Kv<WorkspaceTables>;
  /** A way that was cut is not gone on with. */
  readonly isNeverResumed?: boolean;
  /** What is written into the account that was left stays there. */
  readonly isNotFollowed?: boolean;
}

interface NoteRecord {
  readonly id: string;
  /** Lines that were ever written, and those that somebody who saw them took out, by the account in which that was. */
  readonly written: Set<string>;
  readonly removed: Set<string>;
}

const STEPS = 40;
const NOTES = 6;

/** Runs the world of a seed. Gives what was found wrong; empty where nothing was. */
export async function simulateTwoAccounts(
  seed: number,
  mutation: TwoAccountsMutation = { name: 'none' },
): Promise<readonly string[]> {
  const random = createPrng(`two accounts ${seed}`);
  let nowMs = 1_800_000_000_000;
  const clock = { now: () => nowMs, setTimer: () => () => {} };
  const from = await openMemoryWorkspace({ clock, random: random.fork('from') });
  const into = await openMemoryWorkspace({ clock, random: random.fork('into') });
  const mutated = (world: MemoryWorkspace, change = (kv: Kv<WorkspaceTables>) => kv): MemoryWorkspace => ({
    ...world,
    context: { ...world.context, kv: change(world.context.kv) },
  });
  const [source, target] = [mutated(from, mutation.from), mutated(into, mutation.into)];
  const notes = new Map<string, NoteRecord>();
  let lines = 0;
  let position = START;
  let isOpen = false;

  const write = async (world: MemoryWorkspace): Promise<void> => {
    const found = must(await world.store.list({ kind: 'note', limit: 100 })).items;
    const known = found.length > 0 && (found.length >= NOTES || random.chance(0.7)) ? random.pick(found) : null;
    const line = `line${++lines}x`;
    if (!known) {
      const id = `00000000-0000-7000-8000-${String(lines).padStart(12, '0')}`;
      notes.set(id, { id, written: new Set([line]), removed: new Set() });
      return edit(world, 'note', id, { title: line, text: line });
    }
    const record = notes.get(known.id) as NoteRecord;
    const text = String(known.fields['text']).split('\n');
    const at = random.below(text.length + 1);
    if (text.length > 1 && random.chance(0.3)) {
      const [gone = ''] = text.splice(random.below(text.length), 1);
      record.removed.add(gone);
    } else {
      text.splice(at, 0, line);
      record.written.add(line);
    }
    return edit(world, 'note', known.id, { text: text.join('\n') });
  };

  const goOn = async (cutAt: number | null, when: 'before' | 'after'): Promise<void> => {
    const cut = cutAt === null ? undefined : { calls: 0, at: cutAt, when };
    const onKept = async (): Promise<void> => {
      if (random.chance(0.3)) await write(from);
      if (random.chance(0.2)) await write(into);
    };
    const went = await bring(source, target, { start: position, ...(cut && { cut }), onKept });
    ({ position } = went);
    isOpen ||= went.isDone;
  };

  for (let step = 0; step < STEPS; step++) {
    nowMs += random.between(1, 30_000);
    const act = random.weighted({ write: 6, here: 2, ack: 1, ackHere: 1, bring: 2, cut: 2 });
    if (act === 'write') await write(from);
    else if (act === 'here') await write(into);
    else if (act === 'ack') await acknowledge(from);
    else if (act === 'ackHere') await acknowledge(into);
    else if (act === 'bring' && !(isOpen && mutation.isNotFollowed)) await goOn(null, 'before');
    else if (act === 'cut') await goOn(random.between(1, 14), random.chance(0.5) ? 'before' : 'after');
  }
  if (!(mutation.isNeverResumed || (isOpen && mutation.isNotFollowed))) {
    // The person writes no more: now all of it has to arrive.
    const went = await bring(source, target, { start: position });
    ({ position } = went);
    const before = await contentOf(into);
    await bring(source, target, { start: position });
    const after = await contentOf(into);
    if (before !== after) return ['brought once more it is something else'];
  }
  return judge(into, notes);
}

const readRows = async ({ context }: MemoryWorkspace) =>
  must(await context.kv.read({ rows: { list: 'entities', limit: 10_000 }, outbox: { list: 'outbox', limit: 10_000 } }));

const contentOf = async (world: MemoryWorkspace): Promise<string> => {
  const { rows } = await readRows(world);
  return JSON.stringify(rows.map(({ kind, id, fields, place }) => [kind, id, fields, place]));
};

async function judge(into: MemoryWorkspace, notes: ReadonlyMap<string, NoteRecord>): Promise<readonly string[]> {
  const { rows, outbox } = await readRows(into);
  const wrong: string[] = [];
  const waiting = new Set(outbox.map(({ opId }) => opId));
  const acked = must(await into.context.kv.read({ state: { get: 'meta', key: 'state' } }));
  const runs = acked.state?.key === 'state' ? (acked.state.acked ?? []) : [];
  const decided = rows.filter(({ kind }) => kind === 'merge-log').map(({ fields }) => fields);
  const asked = rows.filter(({ kind }) => kind === 'conflict').map(({ fields }) => fields);
  for (const { id, written, removed } of notes.values()) {
    const row = rows.find((one) => one.kind === 'note' && one.id === id);
    if (!row || row.place === PURGED) {
      wrong.push(`the note ${id} is not there`);
      continue;
    }
    const isTaken = runs.some(
      ({ from, to }) => row.queuedOrder !== undefined && from <= row.queuedOrder && row.queuedOrder <= to,
    );
    if (row.queued !== null && !waiting.has(row.queued) && !isTaken) wrong.push(`${id} waits, and nothing sends it`);
    if (row.queued === null && row.sent === null && row.version === null) wrong.push(`${id} is on no server and does not wait`);
    const log = decided
      .filter(({ entityId }) => entityId === id)
      .flatMap(({ outcomes }) => outcomes as unknown as MergeOutcome[]);
    const said = JSON.stringify([log, asked.filter(({ entityId }) => entityId === id)]);
    const here = new Set(String((row.fields as Fields)['text']).split('\n'));
    for (const line of written) {
      if (!here.has(line) && !removed.has(line) && !said.includes(`${line}\\n`) && !said.includes(`${line}"`)) {
        wrong.push(`${line} of ${id} is gone, and nothing says so`);
      }
    }
    // What one person took out comes back only where a merge says that it had to decide.
    const hasDecided = log.some(({ type }) => type === 'newer');
    for (const line of removed) if (here.has(line) && !hasDecided) wrong.push(`${line} of ${id} was taken out, and is back`);
  }
  return wrong;
}
