/** What a save writes, decided from rows alone: no database is open here. */
import { describe, expect, test } from 'vitest';
import { parseStamp, ZERO_STAMP } from '#core/clock.ts';
import type { Write } from '#core/ports.ts';
import { ledger } from '#entities/index.ts';
import { createDraft, EDIT_PACE_MS } from '#store/draft/draft.ts';
import { mergeSave } from '#store/save/merge-save.ts';
import { planSave, type SaveOutcome, type SaveRows, type SaveTry } from '#store/save/plan-save.ts';
import type { CountersRow } from '#store/schema/meta-rows.ts';
import { EMPTY_BODY, INITIAL_COUNTERS } from '#store/schema/rows.ts';
import { type EntityRow, PURGED, type WorkspaceTables } from '#store/schema/schema.ts';
import type { SaveRequest } from '#store/store.ts';

const NOW = 1_790_000_000_000;
const DEVICE = '01900000-0000-7000-8000-00000000000d';

/** Always the same numbers: the same plan is the same to the last id. */
const surroundings = (nowMs = NOW) => ({
  ledger,
  deviceId: DEVICE,
  clock: { now: () => nowMs, setTimer: () => () => {} },
  random: { bytes: (length: number) => new Uint8Array(length).fill(7), fraction: () => 0.5 },
});

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) freeze(inner);
    Object.freeze(value);
  }
  return value;
}

let saves = 0;
const requestOf = (change: Partial<SaveRequest> = {}): SaveRequest => ({
  kind: 'note',
  id: 'n',
  patch: { text: 'Water in' },
  base: {},
  baseSeq: 0,
  saveId: `save-${++saves}`,
  ...change,
});

const FIRST: SaveTry = { ready: null, withHistory: false, parent: null };
const NO_ROWS: SaveRows = { row: undefined, last: [], state: undefined, above: [] };

/** One plan of rows that nobody may change, at that wall time in ms. */
const plan = (request: SaveRequest, rows: Partial<SaveRows> = {}, attempt: Partial<SaveTry> = {}, nowMs = NOW) =>
  planSave(surroundings(nowMs), freeze({ ...NO_ROWS, ...rows }), freeze(request), freeze({ ...FIRST, ...attempt }));

function committed(outcome: SaveOutcome) {
  if (outcome.type !== 'committed') throw new Error(`not committed: ${outcome.type}`);
  return outcome;
}

/** The rows that a note leaves which was saved once, at `NOW`. */
function savedOnce(): { readonly row: EntityRow; readonly state: CountersRow } {
  const { row, written } = committed(plan(requestOf()).outcome);
  if (!written) throw new Error('nothing was written');
  return { row, state: written.state };
}

/** The same when the server has taken it. */
function synced() {
  const { row, state } = savedOnce();
  return { row: { ...row, version: 'v1', rev: 1, seq: 1, acceptedAt: NOW, queued: null, lineage: ['v1'] }, state };
}

const puts = (writes: readonly Write<WorkspaceTables>[]) => writes.flatMap((write) => ('put' in write ? write.put : []));
const rowsPut = (writes: readonly Write<WorkspaceTables>[], store: keyof WorkspaceTables) =>
  writes.flatMap((write) => ('put' in write && write.put === store ? [write.row] : []));

describe('what is written', () => {
  test('of a new note: its row, one outbox row that it names, and the counters', () => {
    const { writes, outcome } = plan(requestOf());
    const { row, merged, written, kept } = committed(outcome);
    expect(puts(writes).sort()).toEqual(['entities', 'meta', 'outbox']);
    expect(rowsPut(writes, 'outbox')).toMatchObject([{ opId: row.queued, kind: 'note', id: 'n', state: 'queued', holdUntil: 0 }]);
    expect(rowsPut(writes, 'meta')).toMatchObject([{ key: 'state', localSeq: 1, lastSavedAt: NOW }]);
    expect(row).toMatchObject({ localSeq: 1, version: null, fields: { text: 'Water in' } });
    expect({ merged, kept, change: written?.change }).toEqual({
      merged: false,
      kept: false,
      change: { after: 0, localSeq: 1, keys: [['note', 'n']] },
    });
  });

  test('of a note under edit: it may wait before it is sent', () => {
    const { writes } = plan(requestOf({ editing: true }));
    expect(rowsPut(writes, 'outbox')).toMatchObject([{ holdUntil: NOW + EDIT_PACE_MS }]);
  });

  test('of a private kind: no outbox row', () => {
    const { writes } = plan(requestOf({ kind: 'secret', patch: {} }));
    expect(puts(writes).sort()).toEqual(['entities', 'meta']);
  });

  test('of the first edit after a sync: what the server has becomes the base; the next edit shares base and outbox row', () => {
    const { row, state } = synced();
    const first = plan(requestOf({ patch: { text: 'Oxygen out' }, baseSeq: row.localSeq }), { row, state });
    expect(rowsPut(first.writes, 'bases')).toMatchObject([{ kind: 'note', id: 'n', fields: { text: 'Water in' } }]);
    const left = committed(first.outcome);
    const second = plan(requestOf({ patch: { text: 'Oxygen out.' }, baseSeq: left.row.localSeq }), {
      row: left.row,
      state: left.written?.state,
    });
    expect(puts(second.writes).sort()).toEqual(['entities', 'meta']);
    expect(committed(second.outcome).row.queued).toBe(left.row.queued);
  });

  test('of the state before: kept once a minute, not with every save', () => {
    const { row, state } = savedOnce();
    const request = requestOf({ patch: { text: 'Later' }, baseSeq: row.localSeq });
    expect(rowsPut(plan(request, { row, state }, {}, NOW + 59_000).writes, 'history')).toEqual([]);
    const after = plan(request, { row, state }, {}, NOW + 60_000);
    expect(rowsPut(after.writes, 'history')).toMatchObject([{ fields: { text: 'Water in' }, reason: 'edit' }]);
    expect(committed(after.outcome)).toMatchObject({ kept: true, row: { snapshotAt: NOW + 60_000 } });
  });

  test('the same twice for the same rows, request, clock and random numbers', () => {
    const { row, state } = synced();
    const request = requestOf({ patch: { text: 'Oxygen out' }, baseSeq: row.localSeq });
    expect(plan(request, { row, state })).toEqual(plan(request, { row, state }));
  });
});

describe('nothing is written', () => {
  test('of a save that the row has taken in already', () => {
    const request = requestOf();
    const { row, written } = committed(plan(request).outcome);
    const again = plan(request, { row, state: written?.state });
    expect(again).toEqual({ writes: [], outcome: { type: 'committed', row, merged: true, written: null, kept: false } });
  });

  test('of a patch that changes nothing', () => {
    const { row, state } = savedOnce();
    const same = plan(requestOf({ baseSeq: row.localSeq }), { row, state });
    expect(same).toEqual({ writes: [], outcome: { type: 'committed', row, merged: false, written: null, kept: false } });
  });

  test('to an entity of a newer app', () => {
    const { row, state } = savedOnce();
    const { writes, outcome } = plan(requestOf({ baseSeq: row.localSeq }), { row: { ...row, v: 99 }, state });
    expect(writes).toEqual([]);
    expect(outcome).toEqual({ type: 'refused', error: { type: 'NewerEntity', kind: 'note', id: 'n' } });
  });

  test('over a row that has moved on: it is given back to be merged', () => {
    const { row, state } = savedOnce();
    const { writes, outcome } = plan(requestOf({ patch: { text: 'Mine' }, baseSeq: 0 }), { row, state });
    expect({ writes, outcome }).toEqual({ writes: [], outcome: { type: 'moved', row, state } });
  });
});

describe('over a row that has moved on', () => {
  /** A title came while the text was edited, and the patch was merged with it. */
  function merged() {
    const { row, state } = savedOnce();
    const titled = committed(plan(requestOf({ patch: { title: 'Plants' }, baseSeq: row.localSeq }), { row, state }).outcome);
    const rows = { row: titled.row, state: titled.written?.state };
    const request = requestOf({ patch: { text: 'Oxygen out' }, base: { text: 'Water in' }, baseSeq: row.localSeq });
    const ready = mergeSave(surroundings(), request, titled.row, createDraft(surroundings(), rows.state ?? INITIAL_COUNTERS));
    return { rows, request, ready };
  }

  test('the merged patch is written, the state before it kept, and the editor learns that there is more', () => {
    const { rows, request, ready } = merged();
    const { writes, outcome } = plan(request, rows, { ready });
    expect(committed(outcome)).toMatchObject({ merged: true, row: { fields: { title: 'Plants', text: 'Oxygen out' } } });
    expect(rowsPut(writes, 'history')).toMatchObject([{ reason: 'merge', fields: { title: 'Plants', text: 'Water in' } }]);
  });

  test('a merge with a row that has moved on once more is made again', () => {
    const { rows, request, ready } = merged();
    const { row, written } = committed(plan(requestOf({ patch: { starred: true }, baseSeq: rows.row.localSeq }), rows).outcome);
    const { writes, outcome } = plan(request, { row, state: written?.state }, { ready });
    expect(writes).toEqual([]);
    expect(outcome).toMatchObject({ type: 'moved', row });
  });
});

describe('what was deleted permanently', () => {
  const purged = () => {
    const { row, state } = synced();
    return { row: { ...row, ...EMPTY_BODY, place: PURGED, bytes: 0 } as const, state };
  };

  test('comes back only with what the history still holds: that is read first', () => {
    expect(plan(requestOf({ patch: { title: 'Plants' } }), purged())).toEqual({ writes: [], outcome: { type: 'purged' } });
  });

  test('comes back with what the history holds, the patch over it', () => {
    const rows = purged();
    const kept = {
      kind: 'note',
      id: 'n',
      order: 1,
      at: NOW,
      fields: { text: 'Water in' },
      stamp: '',
      reason: 'delete',
      of: 1,
      v: 1,
    };
    const last = [kept] as unknown as SaveRows['last'];
    const { outcome } = plan(requestOf({ patch: { title: 'Plants' } }), { ...rows, last }, { withHistory: true });
    const { row, merged } = committed(outcome);
    expect(row).toMatchObject({ place: 0, fields: { text: 'Water in', title: 'Plants' } });
    expect(merged).toBe(true);
    expect(row.lastUpdated > rows.row.lastUpdated).toBe(true);
  });
});

describe('a message', () => {
  const request = () => requestOf({ kind: 'message', id: 'm', patch: { chatId: 'c', text: 'Hello' } });
  const chat = (): EntityRow => ({ ...savedOnce().row, kind: 'chat', id: 'c' });
  const parent = ['chat', 'c'] as const;

  test('whose chat was not read asks for it', () => {
    expect(plan(request())).toEqual({ writes: [], outcome: { type: 'child', of: parent, purged: false } });
  });

  test('whose chat was deleted permanently waits until the chat is back', () => {
    const { writes, outcome } = plan(request(), { above: [{ ...chat(), place: PURGED }] }, { parent });
    expect({ writes, outcome }).toEqual({ writes: [], outcome: { type: 'child', of: parent, purged: true } });
  });

  test('of a chat that is there, or not here yet, is written', () => {
    const above = chat();
    expect(committed(plan(request(), { above: [above] }, { parent }).outcome)).toMatchObject({
      parent: above,
      row: { parent: 'c' },
    });
    expect(committed(plan(request(), { above: [undefined] }, { parent }).outcome).row.parent).toBe('c');
  });
});

test('what was typed before the clock was set back a year ranks by when it was typed, not by now', () => {
  const YEAR_MS = 365 * 86_400_000;
  const server = { atMs: NOW, skewMs: YEAR_MS };
  const typedMs = NOW - 600_000;
  const draft = createDraft(surroundings(NOW - YEAR_MS), { ...INITIAL_COUNTERS, server });
  expect(parseStamp(draft.tickTyped(typedMs, ZERO_STAMP)).ms).toBe(typedMs);
  // A minute ago by the clock that is wrong now.
  const later = createDraft(surroundings(NOW - YEAR_MS), { ...INITIAL_COUNTERS, server });
  expect(parseStamp(later.tickTyped(NOW - YEAR_MS - 60_000, ZERO_STAMP)).ms).toBe(NOW - 60_000);
});
