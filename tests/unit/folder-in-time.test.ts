/** A drive that has gone: the browser's calls on its files never end, and whoever waits for them is let go. */
import { expect, test } from 'vitest';
import { filesIn } from '#backup/kept/copy-backup.ts';
import { caught } from '#backup/kept/failure.ts';
import { createFolderPlace } from '#backup/kept/folder-place.ts';
import { createInTime } from '#backup/kept/in-time.ts';
import { createKeptBackups } from '#backup/kept/kept-backups.ts';
import { writeManifest } from '#backup/kept/manifest.ts';
import { openPickedFolder } from '#backup/kept/picked-folder.ts';
import { isBlobHash } from '#core/blobs.ts';
import { hashBytes } from '#core/hash.ts';
import { ledger } from '#entities/index.ts';
import { createOwnLocks } from '#platform/own-locks.ts';
import { systemRandom } from '#platform/system.ts';
import { openBackupWorld } from '#support/backup-world.ts';
import { must } from '#support/memory-workspace.ts';
import { createMovedClock } from '#support/moved-clock.ts';

const LATE = { ok: false, error: { type: 'PlaceFailed', reason: 'the folder did not answer' } };
const never = new Promise<never>(() => {});

/** A file whose name and size are known, and whose bytes never come. */
const deadFile = (name: string, bytes: Uint8Array<ArrayBuffer>): File =>
  Object.assign(new File([bytes], name), {
    arrayBuffer: () => never,
    text: () => never,
    stream: () => new ReadableStream({ pull: () => never }),
  });

/** A folder of such files, as the browser gives one. */
function deadFolder(files: { readonly [path: string]: Uint8Array<ArrayBuffer> }): FileSystemDirectoryHandle {
  const folderAt = (prefix: string): object => ({
    kind: 'directory',
    name: prefix,
    async getDirectoryHandle(name: string) {
      return folderAt(`${prefix}${name}/`);
    },
    async getFileHandle(name: string) {
      const found = files[`${prefix}${name}`];
      if (!found) throw new DOMException('none', 'NotFoundError');
      return { kind: 'file', name, getFile: async () => deadFile(name, found) };
    },
    async *values() {
      for (const path of Object.keys(files)) {
        const name = path.slice(prefix.length);
        if (path.startsWith(prefix) && !name.includes('/')) yield { kind: 'file', name };
      }
    },
    keys: () => ({ next: async () => ({ done: true }) }),
  });
  return folderAt('') as FileSystemDirectoryHandle;
}

async function openDead() {
  const world = await openBackupWorld();
  await world.writeNotes(3);
  const made = must(await world.backUp());
  const manifest = await world.kept.find(made.id);
  const { clock, pass } = createMovedClock();
  const picture = new TextEncoder().encode('a picture');
  const hash = hashBytes(picture);
  const files = { [`${made.id}.json.gz`]: await writeManifest(manifest), [`files/${hash}`]: picture };
  const place = createFolderPlace(deadFolder(files), { clock });
  const kept = createKeptBackups({
    place,
    lock: 'dead',
    ledger,
    clock,
    random: systemRandom,
    locks: createOwnLocks(),
    offsetMinutes: 0,
  });
  return { place, kept, pass, hash };
}

/** What becomes of `work` when two minutes pass on the moved clock; null where it still waits. */
async function after<V>(work: Promise<V>, pass: (ms: number) => Promise<void>): Promise<V | null> {
  let found: V | null = null;
  void work.then((value) => {
    found = value;
  });
  for (let n = 0; n < 12 && found === null; n++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    await pass(10_000);
  }
  await new Promise((resolve) => setTimeout(resolve, 5));
  return found;
}

test('the list of a folder whose bytes never come fails in time, and calls nothing damaged', async () => {
  const { kept, pass } = await openDead();
  expect(
    await after(
      caught(() => kept.list()),
      pass,
    ),
  ).toEqual(LATE);
});

test('a file whose bytes never come is neither whole nor damaged: the copy fails in time', async () => {
  const { place, pass, hash } = await openDead();
  if (!isBlobHash(hash)) throw new Error(hash);
  const read = caught(async () => (await filesIn(place).read(hash))?.arrayBuffer());
  expect(await after(read, pass)).toEqual(LATE);
});

test('a folder that cannot even be looked into fails in time', async () => {
  const { clock, pass } = createMovedClock();
  const dead = { kind: 'directory', name: 'dead', keys: () => ({ next: () => never }) } as unknown as FileSystemDirectoryHandle;
  const open = caught(() => openPickedFolder(dead, 'one', false, createInTime(clock)));
  expect(await after(open, pass)).toEqual(LATE);
});
