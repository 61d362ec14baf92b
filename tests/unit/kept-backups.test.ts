/** Backups in a place in memory: what is written, in which order, and what an end in the middle leaves. */
import { describe, expect, test } from 'vitest';
import { Failure } from '#backup/kept/failure.ts';
import { idOfManifest, type Manifest, manifestPath, writeManifest } from '#backup/kept/manifest.ts';
import { createStop } from '#core/stop.ts';
import { ledger } from '#entities/index.ts';
import { type BackupWorld, MINUTE, openBackupWorld } from '#support/backup-world.ts';
import { mint, must } from '#support/memory-workspace.ts';

const manifestsIn = ({ place }: BackupWorld): readonly string[] => [...place.files.keys()].filter((name) => idOfManifest(name));
const partsIn = ({ place }: BackupWorld): readonly string[] =>
  [...place.files.keys()].filter((name) => /^parts\/..\/[0-9a-f]{64}$/.test(name)).sort();

describe('a backup', () => {
  test('holds what is stored, without tombstones, private kinds and secrets', async () => {
    const world = await openBackupWorld();
    const [note = '', gone = ''] = await world.writeNotes(2);
    must(await world.store.purge('note', [gone]));
    await world.save('secret', mint(), { origin: 'https://example.org', box: 'sealed' });
    const made = must(await world.backUp());
    const lines = await world.linesOf(made.id);
    expect(lines.map((line) => JSON.parse(line).id)).toContain(note);
    expect(lines.join()).not.toContain(gone);
    expect(lines.join()).not.toContain('sealed');
    expect(made.counts.note).toEqual({ live: 1, binned: 0 });
    const kinds = new Set(lines.map((line) => JSON.parse(line).kind));
    expect([...kinds].filter((kind) => ledger.get(kind)?.scope === 'private')).toEqual([]);
  });

  test('costs what has changed: a part that no change falls into is neither read nor written', async () => {
    const world = await openBackupWorld();
    const ids = await world.writeNotes(1000);
    must(await world.backUp());
    const before = partsIn(world);
    world.place.calls.length = 0;
    await world.save('note', ids[500] ?? '', { text: 'changed' });
    must(await world.backUp());
    const written = world.place.calls.filter((call) => call.startsWith('write parts/'));
    expect(before.length).toBeGreaterThan(5);
    expect(written).toHaveLength(1);
    const read = new Set(world.place.calls.filter((call) => call.startsWith('read parts/')));
    expect(read.size).toBeLessThanOrEqual(2);
  });

  test('its list is written after its parts were read back from where they lie', async () => {
    const world = await openBackupWorld();
    await world.writeNotes(300);
    must(await world.backUp());
    const { calls } = world.place;
    const listed = calls.findIndex((call) => call.startsWith('write') && call.endsWith('.json.gz'));
    for (const part of partsIn(world)) {
      const written = calls.indexOf(`write ${part}`);
      const read = calls.indexOf(`read ${part}`, written);
      expect(written).toBeGreaterThan(-1);
      expect(read).toBeGreaterThan(written);
      expect(listed).toBeGreaterThan(read);
    }
  });

  test('counts only where its parts come back as they were written', async () => {
    const world = await openBackupWorld();
    await world.writeNotes(10);
    const { write } = world.place;
    world.place.write = async (path, bytes) => {
      await write(path, bytes);
      const kept = world.place.files.get(path);
      if (path.startsWith('parts/') && kept) kept[kept.length - 9] = (kept[kept.length - 9] ?? 0) ^ 1;
    };
    expect(await world.backUp()).toMatchObject({ ok: false, error: { type: 'PlaceFailed' } });
    expect(manifestsIn(world)).toEqual([]);
    world.place.write = write;
    must(await world.backUp());
    expect((await world.kept.list()).backups).toHaveLength(1);
  });

  test('what is saved while it is made is in it, or in the next one, and never half', async () => {
    const world = await openBackupWorld();
    const ids = await world.writeNotes(400);
    const before = must(await world.store.summary()).localSeq;
    let turns = 0;
    const pause = async (): Promise<void> => {
      turns += 1;
      if (turns > 8) return;
      await world.save('note', ids[turns * 40] ?? '', { text: `while ${turns}` });
      must(await world.store.purge('note', [ids[turns * 40 + 1] ?? '']));
    };
    const made = must(await world.backUp('schedule', world.rows, { ...world.run, pause }));
    /** Of the first so many turns it has the changed note and not the deleted one. */
    const expectTurns = async (id: string, count: number): Promise<void> => {
      const lines = await world.linesOf(id);
      expect(lines.filter((line) => line.includes('"while '))).toHaveLength(count);
      expect(lines.filter((line) => line.includes('"kind":"note"'))).toHaveLength(400 - count);
    };
    // How often it pauses depends on where the parts are cut, and that on the ids: the last turns may come behind its last transaction.
    const inIt = (made.localSeq - before) / 2;
    expect(inIt).toBeGreaterThanOrEqual(4);
    await expectTurns(made.id, inIt);
    const next = must(await world.backUp());
    await expectTurns(next.id, Math.min(turns, 8));
  });

  test('a database that was made anew is read as a whole, however far its counter has come', async () => {
    const world = await openBackupWorld();
    await world.writeNotes(20);
    must(await world.backUp());
    const other = await openBackupWorld({ place: world.place });
    const ids = await other.writeNotes(50);
    const marker = { key: 'marker', madeAt: 2, recovered: null } as const;
    must(await other.kv.transact({}, () => ({ writes: [{ put: 'meta', row: marker }], value: undefined })));
    other.time.ms += 60 * MINUTE;
    const about = { ...other.about, workspace: world.row.id };
    const made = await other.kept.backUp({ ...about, rows: other.rows }, 'schedule', other.run);
    expect(made.counts.note).toEqual({ live: 50, binned: 0 });
    const held = (await other.linesOf(made.id)).map((line) => JSON.parse(line).id);
    expect(held).toEqual([...ids].sort());
  });

  test('writes a part again that a run before it has left damaged', async () => {
    const world = await openBackupWorld();
    await world.writeNotes(100);
    const first = must(await world.backUp());
    // As if it had ended before its list was written.
    for (const path of manifestsIn(world)) world.place.files.delete(path);
    for (const path of partsIn(world)) world.place.files.get(path)?.fill(7, 20);
    const next = must(await world.backUp());
    expect(next.id).not.toBe(first.id);
    expect(await world.linesOf(next.id)).toHaveLength(100);
  });

  test('counts only where its list comes back as it was written', async () => {
    const world = await openBackupWorld();
    await world.writeNotes(10);
    const { write } = world.place;
    world.place.write = async (path, bytes) => write(path, idOfManifest(path) ? bytes.slice(0, -9) : bytes);
    expect(await world.backUp()).toMatchObject({ ok: false, error: { type: 'PlaceFailed' } });
    expect(manifestsIn(world)).toEqual([]);
  });

  test('of a part that its place has lost or damaged, what is stored now takes its place', async () => {
    for (const harm of ['lost', 'damaged']) {
      const world = await openBackupWorld();
      const ids = await world.writeNotes(500);
      const first = must(await world.backUp());
      const [victim = ''] = partsIn(world);
      if (harm === 'lost') world.place.files.delete(victim);
      else world.place.files.set(victim, new Uint8Array([1, 2, 3]));
      if (harm === 'damaged') await world.kept.verify(first.id, world.rows, world.run);
      await world.save('note', ids[0] ?? '', { text: 'changed' });
      const next = must(await world.backUp());
      const lines = await world.linesOf(next.id);
      expect(lines.filter((line) => line.includes('"kind":"note"'))).toHaveLength(500);
    }
  });
});

describe('the end of a run', () => {
  test('at any step leaves nothing half in the list, and the next one goes on', async () => {
    const calls = async (): Promise<number> => {
      const world = await openBackupWorld();
      await world.writeNotes(150);
      must(await world.backUp());
      return world.place.calls.length;
    };
    const steps = await calls();
    for (let end = 0; end < steps; end += 7) {
      const world = await openBackupWorld();
      await world.writeNotes(150);
      let left = end;
      world.place.before = () => {
        if (left-- <= 0) throw new Failure({ type: 'PlaceGone' });
      };
      await world.backUp();
      world.place.before = () => {};
      for (const { id } of (await world.kept.list()).backups) expect((await world.linesOf(id)).length).toBeGreaterThan(149);
      const made = must(await world.backUp());
      expect(made.counts.note).toEqual({ live: 150, binned: 0 });
      expect([...world.place.files.keys()].filter((name) => name.endsWith('.part'))).toEqual([]);
    }
  });

  test('by its signal is an answer, and nothing is listed', async () => {
    const world = await openBackupWorld();
    await world.writeNotes(300);
    const stop = createStop();
    let turns = 0;
    const pause = async (): Promise<void> => void (++turns === 3 && stop.abort());
    const run = { signal: stop.signal, pause };
    expect(await world.backUp('asked', world.rows, run)).toEqual({ ok: false, error: { type: 'BackupStopped' } });
    expect(manifestsIn(world)).toEqual([]);
  });

  test('by a full disk is an answer, and earlier backups stay', async () => {
    const world = await openBackupWorld();
    const ids = await world.writeNotes(300);
    const first = must(await world.backUp());
    const used = [...world.place.files.values()].reduce((sum, { length }) => sum + length, 0);
    world.place.capacityBytes = used + 300;
    for (const id of ids) await world.save('note', id, { text: `a new text for ${id}, of some length` });
    expect(await world.backUp()).toEqual({ ok: false, error: { type: 'QuotaExceeded' } });
    expect((await world.kept.list()).backups.map(({ id }) => id)).toEqual([first.id]);
    expect(await world.linesOf(first.id)).toHaveLength(300);
  });
});

describe('a check', () => {
  test('names what is damaged by the entities that it held, from the backups around it and from what is stored', async () => {
    const world = await openBackupWorld();
    await world.writeNotes(300);
    const first = must(await world.backUp());
    const info = await world.kept.verify(first.id, world.rows, world.run);
    expect(info).toMatchObject({ damaged: [], verifiedAt: world.time.ms });
    const manifest = await world.kept.find(first.id);
    // Which notes share a part is decided by their ids, which are random.
    const part = manifest.parts.find(({ first: [kind] }) => kind === 'note');
    const lone = world.place.files.size;
    await world.save('note', part?.first[1] ?? '', { title: 'Renamed' });
    must(await world.backUp());
    expect(world.place.files.size).toBeGreaterThan(lone);
    const victim = part?.hash ?? '';
    world.place.files.delete(`parts/${victim.slice(0, 2)}/${victim}`);
    for (const rows of [world.rows, null]) {
      const checked = await world.kept.verify(first.id, rows, world.run);
      expect(checked.verifiedAt).toBeNull();
      const [damaged] = checked.damaged;
      expect(damaged?.hash).toBe(victim);
      const known = damaged?.entities.map(({ title }) => title) ?? [];
      if (rows) expect(known).toHaveLength(damaged?.records ?? -1);
      if (rows) expect(known).toContain('Renamed');
    }
    // Noted beside it: the list says so without another look.
    expect((await world.kept.list()).backups.at(-1)).toMatchObject({ id: first.id, verifiedAt: null });
  });
});

describe('what is removed', () => {
  test('takes along the parts that nobody else names, a minute later, and no other', async () => {
    const world = await openBackupWorld();
    const ids = await world.writeNotes(300);
    const first = must(await world.backUp());
    await world.save('note', ids[7] ?? '', { text: 'changed' });
    const second = must(await world.backUp());
    const named = (await world.kept.find(second.id)).parts.map(({ hash }) => hash);
    // One that was written a moment ago may belong to a list that another program is about to write.
    await world.place.write(`parts/ab/${'ab'.repeat(32)}`, new Uint8Array([1]));
    world.time.ms += MINUTE / 2;
    await world.kept.remove(mint());
    expect(partsIn(world)).toContain(`parts/ab/${'ab'.repeat(32)}`);
    world.time.ms += 2 * MINUTE;
    await world.kept.remove(first.id);
    expect(partsIn(world).map((path) => path.slice(9))).toEqual([...named].sort());
    expect(await world.linesOf(second.id)).toHaveLength(300);
  });

  test('by itself is what is older than the rules say; what is pinned or was made before a restore stays', async () => {
    const world = await openBackupWorld();
    const [id = ''] = await world.writeNotes(12);
    const safety = must(await world.backUp('safety'));
    const pinned = must(await world.backUp());
    await world.kept.pin(pinned.id, null);
    for (let n = 0; n < 30; n++) {
      await world.save('note', id, { text: `round ${n}` });
      must(await world.backUp());
    }
    const { backups } = await world.kept.list();
    expect(backups.length).toBeLessThan(16);
    expect(backups.map((one) => one.id)).toEqual(expect.arrayContaining([safety.id, pinned.id]));
    for (const one of backups) expect(await world.linesOf(one.id)).toHaveLength(12);
  });

  test('is nothing while much is gone and the person has not answered', async () => {
    const world = await openBackupWorld();
    const ids = await world.writeNotes(30);
    const whole: string[] = [];
    for (let n = 0; n < 10; n++) {
      await world.save('note', ids[0] ?? '', { text: `round ${n}` });
      whole.push(must(await world.backUp()).id);
    }
    must(await world.store.purge('note', ids.slice(1, 25)));
    for (let n = 0; n < 40; n++) {
      await world.save('note', ids[0] ?? '', { text: `after ${n}` });
      expect(must(await world.backUp()).isShrunken).toBe(true);
    }
    const { backups } = await world.kept.list();
    expect(backups.map(({ id }) => id)).toEqual(expect.arrayContaining(whole));
    await world.kept.accept(backups[0]?.id ?? '');
    await world.save('note', ids[0] ?? '', { text: 'answered' });
    expect(must(await world.backUp()).isShrunken).toBe(false);
  });
});

describe('a backup that was brought from elsewhere', () => {
  /** One of this workspace, of now, with nothing in it. */
  const bring = async (world: BackupWorld): Promise<string> => {
    const id = mint();
    const { localSeq, database } = must(await world.rows.state());
    const brought: Manifest = {
      ...{ format: 'holdfast-kept-backup', version: 1, ...world.about, id, madeAt: world.time.ms, localSeq, database },
      ...{ reason: 'safety', from: { type: 'folder', name: 'Backups' }, shrunken: false },
      ...{ records: 0, bytes: 0, counts: {}, parts: [], blobs: [] },
    };
    await world.place.write(manifestPath(id), await writeManifest(brought));
    return id;
  };

  test('is listed with where it comes from, and stays until it is let go', async () => {
    const world = await openBackupWorld();
    const [note = ''] = await world.writeNotes(12);
    const id = await bring(world);
    for (let n = 0; n < 30; n++) {
      await world.save('note', note, { text: `round ${n}` });
      must(await world.backUp());
    }
    const { backups } = await world.kept.list();
    const from = { type: 'folder', name: 'Backups' };
    expect(backups.find((one) => one.id === id)).toMatchObject({ reason: 'brought', from, isPinned: true });
    await world.kept.pin(id, 0);
    must(await world.backUp());
    expect((await world.kept.list()).backups.map((one) => one.id)).not.toContain(id);
  });

  test('is nothing that the next one goes on from, or is compared with', async () => {
    const world = await openBackupWorld();
    await world.writeNotes(30);
    must(await world.backUp());
    const id = await bring(world);
    await world.save('note', mint(), { title: 'One more' });
    const made = must(await world.backUp());
    expect(made).toMatchObject({ isShrunken: false, records: 31, reason: 'schedule', from: null });
    await world.kept.remove(id);
    expect(await world.linesOf(made.id)).toHaveLength(31);
  });

  test('takes no place among those that stay', async () => {
    const world = await openBackupWorld();
    const [note = ''] = await world.writeNotes(12);
    const made: string[] = [];
    for (let n = 0; n < 10; n++) {
      await world.save('note', note, { text: `round ${n}` });
      made.push(must(await world.backUp()).id);
      await bring(world);
    }
    expect((await world.kept.list()).backups.map(({ id }) => id)).toEqual(expect.arrayContaining(made));
  });
});
