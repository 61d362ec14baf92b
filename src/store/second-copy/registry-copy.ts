/** The copy of the registry: on every disk there is, because without it there is no way to anything else. */
import type { Clock, Locks } from '#core/ports.ts';
import type { WorkspaceRow } from '#store/schema/registry-schema.ts';
import { type CopyDisk, nextFile, readTexts } from './disk.ts';
import { decodeRecords, encodeRecord, type RegistryRecord } from './record.ts';

const FOLDER = 'registry';
const LOCK = 'holdfast-copy:registry';

/** The newest registry that any of the disks holds; null where none does. */
export async function readRegistryCopy(disks: readonly CopyDisk[]): Promise<RegistryRecord | null> {
  const found = await Promise.all(disks.map(readNewest));
  return found.reduce((a, b) => ((a?.at ?? -1) >= (b?.at ?? -1) ? a : b), null);
}

async function readNewest(disk: CopyDisk): Promise<RegistryRecord | null> {
  const texts = await readTexts(disk, FOLDER).catch(() => []);
  return texts.flatMap(decodeRecords).findLast((record) => record.type === 'registry') ?? null;
}

export interface RegistryContent {
  readonly workspaces: readonly WorkspaceRow[];
  readonly activeId: string;
}

/** Copies the registry as it is now onto each disk that does not hold it yet. A disk that fails is passed over. */
export async function copyRegistry(
  disks: readonly CopyDisk[],
  locks: Locks,
  clock: Pick<Clock, 'now'>,
  read: () => Promise<RegistryContent | null>,
): Promise<void> {
  await locks.hold(LOCK, async () => {
    const content = await read();
    // An empty registry is one that was lost, or is about to be filled: never a reason to forget.
    if (!content) return;
    for (const disk of disks) await write(disk, { type: 'registry', at: clock.now(), ...content }).catch(() => {});
  });
}

async function write(disk: CopyDisk, record: RegistryRecord): Promise<void> {
  const held = await readNewest(disk);
  if (held && JSON.stringify({ ...held, at: 0 }) === JSON.stringify({ ...record, at: 0 })) return;
  const old = await disk.files(FOLDER);
  const file = await disk.open(FOLDER, nextFile(old.at(-1)));
  try {
    await file.append(encodeRecord(record));
    await file.sync();
  } finally {
    file.close();
  }
  for (const name of old) await disk.removeFile(FOLDER, name);
}
