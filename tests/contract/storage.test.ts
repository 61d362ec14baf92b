/** One list of promises, kept by each storage. A further database is one more line in `storages`. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, describe, expect, test } from 'vitest';
import { hashText } from '#core/hash.ts';
import { openSqlite } from '#server/storage/sqlite.ts';
import {
  type Account,
  type BlobRow,
  KEPT_BODIES,
  type NewVersion,
  type Storage,
  type StorageWriter,
  TOKENS_PER_DEVICE,
} from '#server/storage/storage.ts';
import { expectOk, newId, openTestStorage, START_MS } from '#support/server-world.ts';

const newPath = (): string => join(mkdtempSync(join(tmpdir(), 'holdfast-storage-')), 'holdfast.db');

const storages: { readonly [name: string]: () => Promise<Storage> } = {
  'SQLite in a file': () => openTestStorage({ path: newPath() }),
  'SQLite in memory': () => openTestStorage({ path: ':memory:' }),
  'SQLite from a copy': async () => {
    const original = await openTestStorage({ path: newPath() });
    const copy = original.serialize();
    await original.close();
    return openTestStorage({ from: copy });
  },
};

const open: Storage[] = [];
afterEach(async () => {
  for (const storage of open.splice(0)) await storage.close();
});

const makeAccount = (change: Partial<Account> = {}): Account => {
  return {
    id: newId(),
    keyHash: hashText('key'),
    epoch: newId(),
    seq: 0,
    lastOpId: null,
    usedBytes: 0,
    blobBytes: 0,
    backupBytes: 0,
    login: null,
    createdAt: START_MS,
    ...change,
  };
};

const makeVersion = (seq: number, change: Partial<NewVersion> = {}): NewVersion => {
  const body = change.body === undefined ? `body ${seq}` : change.body;
  return {
    kind: 'note',
    id: newId(),
    v: 1,
    version: newId(),
    rev: 1,
    seq,
    lastUpdated: '0mxyz0000-0000-0123abcd',
    deviceId: newId(),
    deleted: body === null,
    body,
    hash: hashText(body ?? ''),
    acceptedAt: START_MS + seq,
    bytes: Buffer.byteLength(body ?? ''),
    blobs: [],
    base: null,
    ...change,
  };
};

/** `count` versions of one entity. */
const makeHistory = (count: number): readonly NewVersion[] => {
  const id = newId();
  const versions: NewVersion[] = [];
  for (let rev = 1; rev <= count; rev++) versions.push(makeVersion(rev, { id, rev, base: versions.at(-1)?.version ?? null }));
  return versions;
};

for (const [name, openStorage] of Object.entries(storages)) {
  describe(name, () => {
    async function openOne(): Promise<Storage> {
      const storage = await openStorage();
      open.push(storage);
      return storage;
    }

    async function openWithAccount(versions: readonly NewVersion[] = []) {
      const storage = await openOne();
      const account = makeAccount();
      expectOk(
        await storage.write(account.id, async (writer) => {
          await writer.createAccount(account);
          await writer.append(account.id, versions, 0);
        }),
      );
      return { storage, account };
    }

    test('an account is given back as it was created, and an unknown one is undefined', async () => {
      const { storage, account } = await openWithAccount();
      expect(expectOk(await storage.read((reader) => reader.account(account.id)))).toEqual(account);
      expect(expectOk(await storage.read((reader) => reader.account(newId())))).toBeUndefined();
      expect(expectOk(await storage.write(newId(), async (_writer, row) => row))).toBeUndefined();
    });

    test('a write sees its account as it is, also when it has just been created in the same transaction', async () => {
      const storage = await openOne();
      const account = makeAccount();
      const seen = await storage.write(account.id, async (writer, before) => {
        await writer.createAccount(account);
        return { before, after: await writer.account(account.id) };
      });
      expect(expectOk(seen)).toEqual({ before: undefined, after: account });
      expect(expectOk(await storage.write(account.id, async (_writer, row) => row))).toEqual(account);
    });

    test('a login name leads to its account, and a new epoch and login replace the old', async () => {
      const { storage, account } = await openWithAccount();
      const login = { name: 'ada', salt: '00ff', hash: 'abcd', wrappedKey: 'wrapped' };
      const epoch = newId();
      await storage.write(account.id, async (writer) => {
        await writer.setLogin(account.id, { ...login, name: 'first' });
        await writer.setLogin(account.id, login);
      });
      expect(expectOk(await storage.setEpochs(epoch))).toBe(1);
      expect(expectOk(await storage.read((reader) => reader.accountByLogin('ada')))).toEqual({ ...account, epoch, login });
      expect(expectOk(await storage.read((reader) => reader.accountByLogin('first')))).toBeUndefined();
    });

    describe('blobs', () => {
      const makeRow = (hash: string, change: Partial<BlobRow> = {}): BlobRow => {
        return {
          hash,
          bytes: 10,
          state: 'complete',
          createdAt: 1,
          touchedAt: 2,
          unreferencedSince: null,
          isBody: false,
          isBackup: false,
          ...change,
        };
      };
      const [first, second, third] = [hashText('1'), hashText('2'), hashText('3')].sort();
      const blobBytes = async (storage: Storage, accountId: string) =>
        expectOk(await storage.read((reader) => reader.account(accountId)))?.blobBytes;

      test('rows come back as they were put, by hash and in its order, of their own account only', async () => {
        const { storage, account } = await openWithAccount();
        const rows = [makeRow(first ?? ''), makeRow(second ?? '', { state: 'arriving', unreferencedSince: 7, isBody: true })];
        expectOk(
          await storage.write(account.id, async (writer) => {
            for (const row of rows) await writer.putBlob(account.id, row);
          }),
        );
        const read = await storage.read(async (reader) => [
          await reader.blobs(account.id, [second ?? '', third ?? '']),
          await reader.blobsAfter(account.id, null, 10),
          await reader.blobsAfter(account.id, first ?? '', 10),
          await reader.blobs(newId(), [first ?? '']),
        ]);
        expect(expectOk(read)).toEqual([[rows[1]], rows, [rows[1]], []]);
        expect(expectOk(await storage.blobAccounts(null, 10))).toEqual([account.id]);
        expect(expectOk(await storage.blobAccounts(account.id, 10))).toEqual([]);
      });

      test('that any is complete is known, whichever account has it', async () => {
        const { storage, account } = await openWithAccount();
        expect(expectOk(await storage.hasBlobs())).toBe(false);
        const put = (row: BlobRow) => storage.write(account.id, (writer) => writer.putBlob(account.id, row));
        expectOk(await put(makeRow(first ?? '', { state: 'arriving' })));
        expect(expectOk(await storage.hasBlobs())).toBe(false);
        expectOk(await put(makeRow(second ?? '')));
        expect(expectOk(await storage.hasBlobs())).toBe(true);
      });

      test("an account's blob bytes are those of its rows, whatever is put, put again and removed", async () => {
        const { storage, account } = await openWithAccount();
        const write = (body: (writer: StorageWriter) => Promise<void>) => storage.write(account.id, body);
        expectOk(await write((writer) => writer.putBlob(account.id, makeRow(first ?? ''))));
        expectOk(await write((writer) => writer.putBlob(account.id, makeRow(second ?? '', { bytes: 5 }))));
        expect(await blobBytes(storage, account.id)).toBe(15);
        expectOk(await write((writer) => writer.putBlob(account.id, makeRow(first ?? '', { bytes: 3 }))));
        expect(await blobBytes(storage, account.id)).toBe(8);
        expectOk(await write((writer) => writer.removeBlob(account.id, first ?? '')));
        expectOk(await write((writer) => writer.removeBlob(account.id, first ?? '')));
        expect(await blobBytes(storage, account.id)).toBe(5);
      });

      test('what is named again is noted, and what of it is complete is given', async () => {
        const { storage, account } = await openWithAccount();
        const kept = await storage.write(account.id, async (writer) => {
          await writer.putBlob(account.id, makeRow(first ?? '', { unreferencedSince: 7 }));
          await writer.putBlob(account.id, makeRow(second ?? '', { state: 'arriving' }));
          return writer.keepBlobs(account.id, [first ?? '', second ?? '', third ?? '']);
        });
        expect(expectOk(kept)).toEqual([first]);
        expect(expectOk(await storage.read((reader) => reader.blobs(account.id, [first ?? ''])))).toEqual([makeRow(first ?? '')]);
      });

      test('kept versions say what they name, and those whose body is gone name nothing', async () => {
        const versions = makeHistory(KEPT_BODIES + 1).map((version) => ({
          ...version,
          blobs: version.rev < 3 ? [first ?? ''] : [],
        }));
        const { storage, account } = await openWithAccount(versions);
        const named = await storage.read((reader) => reader.namedBlobs(account.id, 0, 100));
        expect(expectOk(named)).toEqual([{ seq: 2, hashes: [first] }]);
        expect(expectOk(await storage.read((reader) => reader.namedBlobs(account.id, 2, 100)))).toEqual([]);
      });
    });

    test('what is there for backups alone is counted by itself, also where it changes sides', async () => {
      const { storage, account } = await openWithAccount();
      const row = { bytes: 10, state: 'complete', createdAt: 1, touchedAt: 2, unreferencedSince: null, isBody: false } as const;
      const hash = hashText('1');
      const put = (isBackup: boolean, bytes = 10) =>
        storage.write(account.id, (writer) => writer.putBlob(account.id, { ...row, hash, bytes, isBackup }));
      const counted = async () => {
        const read = expectOk(await storage.read((reader) => reader.account(account.id)));
        return [read?.blobBytes, read?.backupBytes];
      };
      expectOk(await put(true));
      expect(await counted()).toEqual([0, 10]);
      expectOk(await put(false, 12));
      expect(await counted()).toEqual([12, 0]);
      expectOk(await put(true, 12));
      expectOk(await storage.write(account.id, (writer) => writer.removeBlob(account.id, hash)));
      expect(await counted()).toEqual([0, 0]);
    });

    test('backups come back as they were put, in the order in which they were stored, with what they name', async () => {
      const { storage, account } = await openWithAccount();
      const make = (storedAt: number) => {
        return { id: newId(), manifest: hashText('m'), deviceId: newId(), madeAt: 7, storedAt, bytes: 3 };
      };
      const [later, earlier] = [make(2), make(1)];
      const names = [hashText('m'), hashText('p')];
      expectOk(
        await storage.write(account.id, async (writer) => {
          await writer.putBackup(account.id, later, names);
          await writer.putBackup(account.id, earlier, []);
        }),
      );
      const read = () =>
        storage.read(async (reader) => [
          await reader.backups(account.id),
          await reader.backupBlobs(account.id, later.id),
          await reader.backupBlobs(account.id, newId()),
          await reader.backups(newId()),
        ]);
      expect(expectOk(await read())).toEqual([[earlier, later], names, [], []]);
      for (let time = 0; time < 2; time++)
        expectOk(await storage.write(account.id, (writer) => writer.removeBackup(account.id, later.id)));
      expect(expectOk(await read())).toEqual([[earlier], [], [], []]);
    });

    test('a deleted account is to all as one that never was, its name is free, and it is erased in steps', async () => {
      const { storage, account } = await openWithAccount(makeHistory(30));
      const other = makeAccount();
      const device = { id: newId(), name: 'laptop', createdAt: 1, lastSeenAt: 1 };
      const login = { name: 'ada', salt: '00ff', hash: 'abcd', wrappedKey: 'wrapped' };
      expectOk(
        await storage.write(account.id, async (writer) => {
          await writer.createAccount(other);
          await writer.setLogin(account.id, login);
          await writer.putDevice(account.id, device);
          await writer.addToken(account.id, device.id, hashText('token'), 1);
          await writer.putBackup(
            account.id,
            { id: newId(), manifest: '', deviceId: device.id, madeAt: 1, storedAt: 1, bytes: 1 },
            [],
          );
          await writer.deleteAccount(account.id, 5);
        }),
      );
      const seen = await storage.read(async (reader) => [
        await reader.account(account.id),
        await reader.accountByLogin('ada'),
        await reader.devices(account.id),
        await reader.deviceByToken(account.id, hashText('token')),
        await reader.deletedAt(account.id),
        await reader.deletedAt(other.id),
        await reader.deletedAt(newId()),
      ]);
      expect(expectOk(seen)).toEqual([undefined, undefined, [], undefined, 5, undefined, undefined]);
      expect(expectOk(await storage.write(account.id, async (_writer, row) => row))).toBeUndefined();
      expect(expectOk(await storage.accountIds(null, 10))).toEqual([other.id]);
      expectOk(await storage.write(other.id, (writer) => writer.setLogin(other.id, login)));
      expect(expectOk(await storage.accountsToErase())).toEqual([{ id: account.id, deletedAt: 5 }]);
      const steps: number[] = [];
      for (let erased = -1; erased !== 0; steps.push(erased)) erased = expectOk(await storage.eraseAccount(account.id, 20, true));
      expect(steps.length).toBeGreaterThan(3);
      expect(expectOk(await storage.read((reader) => reader.backups(account.id)))).toEqual([]);
      expect(expectOk(await storage.read((reader) => reader.headsAfter(account.id, 0, 10)))).toEqual([]);
      expectOk(await storage.noteErased(account.id, 9));
      expect(expectOk(await storage.accountsToErase())).toEqual([]);
      expect(expectOk(await storage.read((reader) => reader.deletedAt(account.id)))).toBe(5);
    });

    test('an account can be deleted that was never there: it cannot be made any more', async () => {
      const storage = await openOne();
      const { id } = makeAccount();
      expectOk(await storage.write(id, (writer) => writer.deleteAccount(id, 5)));
      expect(expectOk(await storage.read((reader) => reader.deletedAt(id)))).toBe(5);
      expect(expectOk(await storage.setEpochs(newId()))).toBe(0);
    });

    test('a body that throws leaves nothing behind, and the next write works', async () => {
      const { storage, account } = await openWithAccount();
      const attempt = storage.write(account.id, async (writer) => {
        await writer.setLogin(account.id, { name: 'ada', salt: '00ff', hash: 'abcd', wrappedKey: 'wrapped' });
        await writer.append(account.id, [makeVersion(1)], 6);
        throw new Error('thrown by the test');
      });
      await expect(attempt).rejects.toThrow('thrown by the test');
      expect(expectOk(await storage.read((reader) => reader.account(account.id)))).toEqual(account);
      expect(expectOk(await storage.read((reader) => reader.digest(account.id))).entities).toBe(0);
      expectOk(await storage.write(account.id, (writer) => writer.append(account.id, [makeVersion(1)], 6)));
    });

    test('writes of one account follow each other: none works on what another is changing', async () => {
      const { storage, account } = await openWithAccount();
      const increment = () =>
        storage.write(account.id, async (writer, row) => {
          const seq = (row?.seq ?? 0) + 1;
          await writer.digest(account.id);
          await writer.append(account.id, [makeVersion(seq)], seq);
        });
      for (const result of await Promise.all(Array.from({ length: 20 }, increment))) expectOk(result);
      const after = expectOk(await storage.read((reader) => reader.account(account.id)));
      expect([after?.seq, after?.usedBytes]).toEqual([20, 20]);
    });

    describe('devices', () => {
      async function openWithDevice() {
        const { storage, account } = await openWithAccount();
        const device = { id: newId(), name: 'laptop', createdAt: START_MS, lastSeenAt: START_MS };
        await storage.write(account.id, (writer) => writer.putDevice(account.id, device));
        return { storage, account, device };
      }

      test('a device put again keeps the day it was made and takes the new name', async () => {
        const { storage, account, device } = await openWithDevice();
        const again = { id: device.id, name: 'phone', createdAt: START_MS + 5, lastSeenAt: START_MS + 5 };
        await storage.write(account.id, (writer) => writer.putDevice(account.id, again));
        const expected = { ...device, name: 'phone', lastSeenAt: START_MS + 5, revokedAt: null };
        expect(expectOk(await storage.read((reader) => reader.devices(account.id)))).toEqual([expected]);
        await storage.write(account.id, (writer) => writer.noteSeen(account.id, device.id, START_MS + 9));
        expect(expectOk(await storage.read((reader) => reader.device(account.id, device.id)))?.lastSeenAt).toBe(START_MS + 9);
      });

      test('a token leads to its device in its own account only', async () => {
        const { storage, account, device } = await openWithDevice();
        await storage.write(account.id, (writer) => writer.addToken(account.id, device.id, 'hash', START_MS));
        expect(expectOk(await storage.read((reader) => reader.deviceByToken(account.id, 'hash')))?.id).toBe(device.id);
        expect(expectOk(await storage.read((reader) => reader.deviceByToken(newId(), 'hash')))).toBeUndefined();
        expect(expectOk(await storage.read((reader) => reader.deviceByToken(account.id, 'other')))).toBeUndefined();
      });

      test('a device keeps its last few tokens, the newest always among them', async () => {
        const { storage, account, device } = await openWithDevice();
        for (let index = 0; index < TOKENS_PER_DEVICE + 3; index++) {
          // All in the same millisecond: the one just made must stay nevertheless.
          await storage.write(account.id, async (writer) => {
            await writer.addToken(account.id, device.id, `hash ${index}`, START_MS);
            expect(await writer.deviceByToken(account.id, `hash ${index}`)).toBeDefined();
          });
        }
        const kept = await Promise.all(
          Array.from({ length: TOKENS_PER_DEVICE + 3 }, (_, index) =>
            storage.read((reader) => reader.deviceByToken(account.id, `hash ${index}`)),
          ),
        );
        expect(kept.filter((result) => expectOk(result) !== undefined)).toHaveLength(TOKENS_PER_DEVICE);
      });

      test('a revoked device and its token stay known, marked', async () => {
        const { storage, account, device } = await openWithDevice();
        await storage.write(account.id, async (writer) => {
          await writer.addToken(account.id, device.id, 'hash', START_MS);
          await writer.revokeDevice(account.id, device.id, START_MS + 1);
          await writer.putDevice(account.id, device);
        });
        expect(expectOk(await storage.read((reader) => reader.deviceByToken(account.id, 'hash')))?.revokedAt).toBe(START_MS + 1);
      });
    });

    describe('versions', () => {
      test('a body comes back exactly: NUL, emoji, line ends, quotes, a long one, none', async () => {
        const bodies = ['\u0000a\u0000', '🌱\u{10ffff}é\u0301', 'a\r\nb\n\tc', `"'\\;--`, 'ß'.repeat(300_000), '', null];
        const versions = bodies.map((body, index) => makeVersion(index + 1, { body }));
        const { storage, account } = await openWithAccount(versions);
        const seqs = versions.map((version) => version.seq);
        const back = expectOk(await storage.read((reader) => reader.versionsAt(account.id, seqs)));
        expect(back.map((version) => version.body)).toEqual(bodies);
        expect(back).toEqual(versions.map(({ bytes: _bytes, blobs: _blobs, base: _base, ...version }) => version));
      });

      test('an append moves the counter, the last op and the used bytes', async () => {
        const versions = [makeVersion(1), makeVersion(2)];
        const { storage, account } = await openWithAccount();
        await storage.write(account.id, (writer) => writer.append(account.id, versions, 77));
        const after = expectOk(await storage.read((reader) => reader.account(account.id)));
        expect(after).toEqual({ ...account, seq: 2, lastOpId: versions[1]?.version, usedBytes: 77 });
        expect(expectOk(await storage.read((reader) => reader.seqs([account.id, newId()])))).toEqual(new Map([[account.id, 2]]));
      });

      test('an applied op is found by its id in its own account only', async () => {
        const version = makeVersion(1, { blobs: [hashText('blob')] });
        const { storage, account } = await openWithAccount([version]);
        const found = expectOk(await storage.read((reader) => reader.appliedOps(account.id, [newId(), version.version])));
        const { kind, id, rev, seq, hash, deleted, blobs, acceptedAt } = version;
        expect(found).toEqual([{ opId: version.version, kind, id, rev, seq, hash, deleted, blobs, acceptedAt }]);
        expect(expectOk(await storage.read((reader) => reader.appliedOps(newId(), [version.version])))).toEqual([]);
        expect(expectOk(await storage.read((reader) => reader.opAt(account.id, 1)))).toBe(version.version);
        expect(expectOk(await storage.read((reader) => reader.opAt(account.id, 2)))).toBeUndefined();
      });

      test('two accounts may hold the same op ids and entity ids', async () => {
        const { storage, account } = await openWithAccount();
        const other = makeAccount();
        const version = makeVersion(1);
        for (const each of [account, other]) {
          expectOk(
            await storage.write(each.id, async (writer, row) => {
              if (!row) await writer.createAccount(each);
              await writer.append(each.id, [{ ...version, body: each.id }], 1);
            }),
          );
        }
        for (const each of [account, other]) {
          const [back] = expectOk(await storage.read((reader) => reader.versionsAt(each.id, [1])));
          expect(back?.body).toBe(each.id);
        }
      });

      test('an op id is taken once per account, a seq too', async () => {
        const version = makeVersion(1);
        const { storage, account } = await openWithAccount([version]);
        const twice = [makeVersion(2, { version: version.version }), makeVersion(1)];
        for (const bad of twice) {
          await expect(storage.write(account.id, (writer) => writer.append(account.id, [bad], 0))).rejects.toThrow(/UNIQUE/);
        }
      });

      test('heads show the last version of each entity, also of several in one append', async () => {
        const versions = makeHistory(3);
        const { storage, account } = await openWithAccount(versions);
        const last = versions.at(-1);
        const heads = expectOk(await storage.read((reader) => reader.headsAfter(account.id, 0, 10)));
        const { kind, id, version, rev, seq, hash, deleted, bytes } = last ?? makeVersion(0);
        expect(heads).toEqual([{ kind, id, version, rev, seq, hash, deleted, bytes }]);
      });

      test('the last bodies of an entity stay, older ones go, and their rows remain', async () => {
        const versions = makeHistory(KEPT_BODIES + 7);
        const { storage, account } = await openWithAccount(versions.slice(0, 2));
        // In steps of different sizes, as pushes come.
        for (const [from, to] of [
          [2, 3],
          [3, KEPT_BODIES + 2],
          [KEPT_BODIES + 2, KEPT_BODIES + 7],
        ]) {
          expectOk(await storage.write(account.id, (writer) => writer.append(account.id, versions.slice(from, to), 0)));
        }
        const seqs = versions.map((version) => version.seq);
        const back = expectOk(await storage.read((reader) => reader.versionsAt(account.id, seqs)));
        const expected = versions.map((version, index) => (index < 7 ? null : version.body));
        expect(back.map((version) => version.body)).toEqual(expected);
        const key = { kind: 'note', id: versions[0]?.id ?? '' };
        const kept = expectOk(await storage.read((reader) => reader.keptVersions(account.id, key)));
        expect(kept.map((version) => version.seq)).toEqual(seqs.slice(7).reverse());
      });

      test('a lineage lists the versions before the head, oldest first, twenty at most', async () => {
        const long = makeHistory(25);
        const short = makeVersion(26);
        const { storage, account } = await openWithAccount([...long, short]);
        const heads = expectOk(await storage.read((reader) => reader.headsAfter(account.id, 0, 10)));
        const lineages = expectOk(await storage.read((reader) => reader.lineages(account.id, heads)));
        const ids = long.map((version) => version.version);
        expect(lineages.get(ids.at(-1) ?? '')).toEqual(ids.slice(4, 24));
        expect(lineages.get(short.version)).toEqual([]);
        // As many as are asked for, and none of before a seq.
        const some = async (most: number, since: number) =>
          expectOk(await storage.read((reader) => reader.lineages(account.id, heads, most, since))).get(ids.at(-1) ?? '');
        expect(await some(30, 0)).toEqual(ids.slice(0, 24));
        expect(await some(3, 0)).toEqual(ids.slice(21, 24));
        expect(await some(30, 20)).toEqual(ids.slice(20, 24));
        expect(await some(30, 24)).toEqual([]);
      });

      test('heads are paged by seq in both directions', async () => {
        const versions = Array.from({ length: 5 }, (_, index) => makeVersion(index + 1));
        const { storage, account } = await openWithAccount(versions);
        const seqsOf = async (read: Parameters<typeof storage.read>[0]) =>
          (expectOk(await storage.read(read)) as readonly { readonly seq: number }[]).map((head) => head.seq);
        expect(await seqsOf((reader) => reader.headsAfter(account.id, 0, 2))).toEqual([1, 2]);
        expect(await seqsOf((reader) => reader.headsAfter(account.id, 3, 9))).toEqual([4, 5]);
        expect(await seqsOf((reader) => reader.headsBefore(account.id, 4, 2))).toEqual([3, 2]);
        expect(await seqsOf((reader) => reader.headsBefore(account.id, 99, 9))).toEqual([5, 4, 3, 2, 1]);
      });

      test('heads by key are in code-unit order of kind, then id, from after the key given', async () => {
        const kinds = ['note-x', 'note', 'a', 'note'];
        const versions = kinds.map((kind, index) => makeVersion(index + 1, { kind }));
        const { storage, account } = await openWithAccount(versions);
        const all = expectOk(await storage.read((reader) => reader.headsByKey(account.id, null, 10)));
        expect(all.map((head) => head.kind)).toEqual(['a', 'note', 'note', 'note-x']);
        expect(all.slice(1, 3).map((head) => head.id)).toEqual(
          all
            .slice(1, 3)
            .map((head) => head.id)
            .sort(),
        );
        const second = all[1] ?? null;
        const rest = expectOk(await storage.read((reader) => reader.headsByKey(account.id, second, 1)));
        expect(rest).toEqual(all.slice(2, 3));
        expect(expectOk(await storage.read((reader) => reader.digest(account.id))).entities).toBe(4);
      });

      test('heads of named entities come in the order of seq, unknown ones are left out', async () => {
        const versions = [makeVersion(1), makeVersion(2, { kind: 'chat' }), makeVersion(3)];
        const { storage, account } = await openWithAccount(versions);
        const keys = [...versions].reverse().map(({ kind, id }) => ({ kind, id }));
        const wrongKind = { kind: 'chat', id: versions[0]?.id ?? '' };
        const heads = expectOk(
          await storage.read((reader) => reader.heads(account.id, [...keys, wrongKind, { kind: 'note', id: newId() }])),
        );
        expect(heads.map((head) => head.seq)).toEqual([1, 2, 3]);
      });

      test('appends of hundreds of versions at once', async () => {
        const versions = Array.from({ length: 450 }, (_, index) => makeVersion(index + 1));
        const { storage, account } = await openWithAccount(versions);
        expect(expectOk(await storage.read((reader) => reader.digest(account.id))).entities).toBe(450);
      });
    });
  });
}

// Invariant 12
describe('SQLite in a file, with a second process beside it', () => {
  async function openPair(options?: Parameters<typeof openTestStorage>[1]) {
    const path = newPath();
    const mine = await openTestStorage({ path }, options);
    const theirs = await openTestStorage({ path }, options);
    open.push(mine, theirs);
    const account = makeAccount();
    expectOk(await mine.write(account.id, (writer) => writer.createAccount(account)));
    return { path, mine, theirs, account };
  }

  test('a read sees one snapshot, whatever is committed meanwhile', async () => {
    const { mine, theirs, account } = await openPair();
    const seqs = await mine.read(async (reader) => {
      const before = (await reader.account(account.id))?.seq;
      expectOk(await theirs.write(account.id, (writer) => writer.append(account.id, [makeVersion(1)], 0)));
      return [before, (await reader.account(account.id))?.seq];
    });
    expect(expectOk(seqs)).toEqual([0, 0]);
    expect(expectOk(await mine.read((reader) => reader.account(account.id)))?.seq).toBe(1);
  });

  test('a write that waits too long says so, writes nothing, and works when tried again', async () => {
    const { mine, theirs, account } = await openPair({ lockDeadlineMs: 50 });
    const epoch = newId();
    let meanwhile: unknown;
    await mine.write(account.id, async () => {
      meanwhile = await theirs.setEpochs(epoch);
    });
    expect(meanwhile).toEqual({ ok: false, error: { type: 'StorageBusy' } });
    expect(expectOk(await mine.read((reader) => reader.account(account.id)))?.epoch).toBe(account.epoch);
    expectOk(await theirs.setEpochs(epoch));
    expect(expectOk(await mine.read((reader) => reader.account(account.id)))?.epoch).toBe(epoch);
  });

  test('a full disk is said, writes nothing, and hinders no reading', async () => {
    const path = newPath();
    const storage = await openTestStorage({ path }, { maxBytes: 400_000 });
    open.push(storage);
    const account = makeAccount();
    expectOk(await storage.write(account.id, (writer) => writer.createAccount(account)));
    const big = [makeVersion(1), makeVersion(2, { body: 'x'.repeat(1_000_000) })];
    const result = await storage.write(account.id, (writer) => writer.append(account.id, big, 0));
    expect(result).toEqual({ ok: false, error: { type: 'StorageFull' } });
    expect(expectOk(await storage.read((reader) => reader.account(account.id)))).toEqual(account);
    expect(expectOk(await storage.read((reader) => reader.digest(account.id))).entities).toBe(0);
    expectOk(await storage.write(account.id, (writer) => writer.append(account.id, [makeVersion(1)], 0)));
  });

  test('an error with which SQLite itself ends the transaction is reported as it was, and the next write works', async () => {
    const { path, mine, account } = await openPair();
    const raw = new SqliteDatabase(path);
    raw.exec(
      `create trigger stop before insert on versions when new.kind = 'bad' begin select raise(rollback, 'ended by SQLite'); end`,
    );
    raw.close();
    const bad = makeVersion(1, { kind: 'bad' });
    await expect(mine.write(account.id, (writer) => writer.append(account.id, [bad], 0))).rejects.toThrow('ended by SQLite');
    expectOk(await mine.write(account.id, (writer) => writer.append(account.id, [makeVersion(1)], 0)));
  });

  test('a database of a newer server is refused and left as it is', async () => {
    const path = newPath();
    const storage = await openTestStorage({ path });
    await storage.close();
    const raw = new SqliteDatabase(path);
    raw.prepare('insert into migrations (name) values (?)').run('9999-of-the-future');
    raw.close();
    expect(await openSqlite({ path })).toEqual({ ok: false, error: { type: 'NewerDatabase', unknown: ['9999-of-the-future'] } });
    const again = new SqliteDatabase(path);
    expect(again.prepare('select name from migrations order by name').pluck().all()).toEqual([
      '0001-first',
      '0002-upkeep',
      '0003-contained',
      '0004-blobs',
      '0005-body-blobs',
      '0006-backups',
      '0007-deleted-accounts',
      '9999-of-the-future',
    ]);
    again.close();
  });

  test('what was committed is there after the file is opened again', async () => {
    const { path, mine, theirs, account } = await openPair();
    const version = makeVersion(1);
    expectOk(await mine.write(account.id, (writer) => writer.append(account.id, [version], 0)));
    await Promise.all([mine.close(), theirs.close()]);
    open.length = 0;
    const again = await openTestStorage({ path });
    open.push(again);
    expect(expectOk(await again.read((reader) => reader.opAt(account.id, 1)))).toBe(version.version);
  });

  test('a copy lives its own life', async () => {
    const { mine, account } = await openPair();
    const storage = await openTestStorage();
    open.push(storage);
    expectOk(await storage.write(account.id, (writer) => writer.createAccount(account)));
    const copy = await openTestStorage({ from: storage.serialize() });
    open.push(copy);
    expectOk(await storage.write(account.id, (writer) => writer.append(account.id, [makeVersion(1)], 0)));
    expect(expectOk(await copy.read((reader) => reader.account(account.id)))?.seq).toBe(0);
    expect(expectOk(await storage.read((reader) => reader.account(account.id)))?.seq).toBe(1);
    expect(expectOk(await mine.read((reader) => reader.account(account.id)))?.seq).toBe(0);
  });
});
