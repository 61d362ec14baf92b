/** The second copy of what only this device has: invariant 21. */
import { type Product, product } from '#simulation/adapters.ts';
import { PAST_SCENES } from '#simulation/past-scenes.ts';
import { SCENES } from '#simulation/scenes.ts';
import { type CopyRecord, decodeRecords, encodeRecord, type UnsentRecord } from '#store/second-copy/record.ts';
import type { Mutation } from './mutation.ts';

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
    plan: PAST_SCENES.lostWithAChange,
    product: withRecords((record) => [{ ...record, base: null }]),
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
