/** The second copy of what only this device has: invariant 21. */
import { type EntityKey, keyText } from '#core/entity-key.ts';
import type { Write } from '#core/ports.ts';
import { type Product, product } from '#simulation/adapters.ts';
import { LOST_SCENES } from '#simulation/lost-scenes.ts';
import { SCENES } from '#simulation/scenes.ts';
import type { OutboxRow } from '#store/schema/schema.ts';
import { type CopyRecord, decodeRecords, encodeRecord, type UnsentRecord } from '#store/second-copy/record.ts';
import type { Mutation } from './mutation.ts';
import { put, type Rows, withBody, withPorts } from './wrappers.ts';

const plan = SCENES.losing;

/** A database that was lost gets back other records than the copy holds. */
const withRecords = (change: (record: UnsentRecord) => readonly CopyRecord[]): Partial<Product> => ({
  async openDatabase(ports) {
    const { copy } = ports;
    if (!copy) return;
    const read = async (folder: string, file: string): Promise<string> => {
      const records = decodeRecords(await copy.read(folder, file));
      const changed = records.flatMap((record) => (record.type === 'unsent' ? change(record) : [record]));
      return changed.map(encodeRecord).join('');
    };
    await product.openDatabase({ ...ports, copy: { ...copy, read } });
  },
});

/** The rows with which a database that was lost is filled, changed. */
const withRestored = (change: (writes: readonly Write<Rows>[]) => readonly Write<Rows>[]): Partial<Product> => ({
  openDatabase: (ports) =>
    product.openDatabase(
      withBody(ports, (_reads, rows, body) => {
        const outcome = body(rows);
        return { ...outcome, writes: change(outcome.writes) };
      }),
    ),
});

/** Of what comes back, the op that was sent before the last one of its entity. */
const earlierOf = (writes: readonly Write<Rows>[], { kind, id }: EntityKey): OutboxRow | undefined =>
  writes
    .flatMap((write) => put(write, 'outbox') ?? [])
    .find((row) => row.restored === 'earlier' && keyText(row) === keyText({ kind, id }));

export const copy: readonly Mutation[] = [
  {
    name: 'a database that was lost gets nothing back',
    rule: 'a start without IndexedDB goes on from the second copy',
    needs: [],
    plan,
    product: withRecords(() => []),
  },
  {
    name: 'what comes back has no base',
    rule: 'what the server has moved on from is merged, not overwritten',
    needs: [],
    plan: LOST_SCENES.lostWithAChange,
    product: withRecords((record) => [{ ...record, base: null }]),
  },
  {
    name: 'of two ops that come back the last is built on the first',
    rule: 'what comes back is built on what the server is known to have',
    needs: [],
    plan: LOST_SCENES.lostTwice,
    product: withRestored((writes) =>
      writes.map((write) => {
        const last = put(write, 'outbox');
        const earlier = last?.restored === 'last' && last.op ? earlierOf(writes, last) : undefined;
        return last?.op && earlier ? { put: 'outbox', row: { ...last, op: { ...last.op, base: earlier.opId } } } : write;
      }),
    ),
  },
  {
    name: 'an op that comes back behind another counts as contained before it is answered',
    rule: 'what the server has under the id of an op that comes back may have another body',
    needs: [],
    plan: LOST_SCENES.lostTwice,
    product: withRestored((writes) =>
      writes.map((write) => {
        const row = put(write, 'entities');
        const earlier = row && earlierOf(writes, row);
        return row && earlier ? { put: 'entities', row: { ...row, lineage: [earlier.opId, ...row.lineage] } } : write;
      }),
    ),
  },
  {
    name: 'of an op that the server has with a later body nothing is kept as a base',
    rule: 'what was changed since is merged over the op as it was here',
    needs: [],
    plan: LOST_SCENES.lostTwice,
    product: withPorts((ports) =>
      withBody(ports, (reads, rows, body) => {
        const outcome = body(rows);
        const isOvertaken = Object.keys(reads).join() === 'outbox' && outcome.writes.some((write) => put(write, 'bases'));
        return isOvertaken ? { ...outcome, writes: [] } : outcome;
      }),
    ),
  },
  {
    name: 'the copy is written at a start only',
    rule: 'the second copy is a moment behind the commits',
    needs: [],
    plan,
    product: {
      keepCopy: (ports) => product.keepCopy({ ...ports, channel: { post: () => {}, onMessage: () => () => {} } }),
    },
  },
];
