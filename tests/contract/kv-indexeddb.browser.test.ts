import { afterEach, describe, expect, test } from 'vitest';
import type { Kv } from '#core/ports.ts';
import { openKv } from '#store/kv/db.ts';
import { type ContractTables, contractSchema, describeKv } from './kv.ts';

describeKv('IndexedDB', async (database): Promise<Kv<ContractTables>> => {
  const opened = await openKv(database, 1, contractSchema);
  if (!opened.ok) throw new Error(opened.error.type);
  return opened.value;
});

describe('IndexedDB', () => {
  const original = IDBDatabase.prototype.transaction;
  afterEach(() => {
    IDBDatabase.prototype.transaction = original;
  });

  /** Hands each new transaction to `watch`. */
  const onTransaction = (watch: (transaction: IDBTransaction) => void): void => {
    IDBDatabase.prototype.transaction = function (...args) {
      const transaction = original.apply(this, args);
      watch(transaction);
      return transaction;
    };
  };

  const open = async (): Promise<Kv<ContractTables>> => {
    const opened = await openKv(`transact-${crypto.randomUUID()}`, 1, contractSchema);
    if (!opened.ok) throw new Error(opened.error.type);
    return opened.value;
  };

  const row = { id: 'a', name: 'Ada' };
  const put = { put: 'animals', row } as const;
  const write = (kv: Kv<ContractTables>) => kv.transact({}, () => ({ writes: [put], value: 'written' }));
  const writeGuessed = (kv: Kv<ContractTables>) =>
    kv.transact({ before: { get: 'animals', key: 'a' } }, () => ({ writes: [put], value: 'written' }), 'strict', {
      before: undefined,
    });

  test.each([
    ['as it is', write],
    ['with a guess', writeGuessed],
  ] as const)('a transaction %s is answered only after it has completed', async (_how, transact) => {
    const kv = await open();
    const events: string[] = [];
    onTransaction((transaction) => transaction.addEventListener('complete', () => events.push('completed')));
    expect(await transact(kv)).toEqual({ ok: true, value: 'written' });
    events.push('answered');
    expect(events).toEqual(['completed', 'answered']);
  });

  test.each([
    ['as it is', write],
    ['with a guess', writeGuessed],
  ] as const)('a transaction %s that fails at its commit is not answered as written', async (_how, transact) => {
    const kv = await open();
    onTransaction((transaction) => {
      transaction.commit = () => transaction.abort();
    });
    expect(await transact(kv)).toMatchObject({ ok: false });
    IDBDatabase.prototype.transaction = original;
    expect(await kv.read({ row: { get: 'animals', key: 'a' } })).toEqual({ ok: true, value: { row: undefined } });
  });
});
