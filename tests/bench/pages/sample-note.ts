/** The same notes for every contender: a title, a thousand characters of text, two tags. */
import { formatStamp } from '#core/clock.ts';
import { mintId } from '#core/ids.ts';
import { systemRandom } from '#platform/system.ts';
import type { CountersRow } from '#store/schema/meta-rows.ts';
import { estimateBytes } from '#store/schema/rows.ts';
import type { EntityRow, OutboxRow } from '#store/schema/schema.ts';

/** Autumn of 2026, and a millisecond later for each note: stamps and ids keep the order. */
const START_MS = 1_790_000_000_000;
const DEVICE = '0198c0de-0000-7000-8000-0000000000bb';
const TEXT = 'Light reactions take water in and give oxygen out. '.repeat(20);

export interface SampleNote {
  readonly title: string;
  readonly text: string;
  readonly tags: readonly string[];
}

export const sampleNote = (n: number): SampleNote => ({ title: `Note ${n}`, text: `${n}. ${TEXT}`, tags: ['biology', 'exam'] });

/** A flat document, as the peers take it. */
export const sampleDocument = (n: number) => ({ id: newId(n), ...sampleNote(n), updatedAt: START_MS + n });

export const newId = (n = 0): string => mintId(START_MS + n, systemRandom);

/** The row that the product keeps for such a note, as a device holds it that has nothing to send. */
export function sampleRow(n: number): EntityRow {
  const stamp = formatStamp({ ms: START_MS + n, counter: 0, tag: 'feedbeef' });
  const fields = { ...sampleNote(n) };
  const stamps = { title: stamp, text: stamp, tags: stamp };
  return {
    kind: 'note',
    id: newId(n),
    v: 1,
    fields,
    stamps,
    version: null,
    rev: 0,
    seq: 0,
    acceptedAt: null,
    lineage: [],
    lastUpdated: stamp,
    deviceId: DEVICE,
    localSeq: n,
    saves: [newId(n)],
    queued: null,
    sent: null,
    bytes: estimateBytes(fields) + estimateBytes(stamps),
    snapshotAt: START_MS,
    place: 0,
    parent: null,
    sort: stamp,
  };
}

/** What a save writes beside the row. */
export function sampleOutboxRow({ kind, id, localSeq, bytes }: EntityRow): OutboxRow {
  return { opId: newId(), kind, id, state: 'queued', order: localSeq, queuedAt: START_MS, holdUntil: 0, op: null, bytes };
}

export const sampleState = ({ localSeq, lastUpdated, bytes }: EntityRow): CountersRow => {
  return { key: 'state', localSeq, clock: lastUpdated, bytes, lastSavedAt: START_MS };
};
