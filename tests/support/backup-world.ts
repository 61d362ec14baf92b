/** A workspace in memory, its backups in a place in memory, and a clock that a test sets. */

import { caught } from '#backup/kept/failure.ts';
import { createKeptBackups } from '#backup/kept/kept-backups.ts';
import type { Manifest } from '#backup/kept/manifest.ts';
import { openBackup } from '#backup/kept/open-backup.ts';
import type { Place } from '#backup/kept/place.ts';
import type { RowReader } from '#core/backup-rows.ts';
import type { MadeReason } from '#core/backups.ts';
import { createStop, type StopSignal } from '#core/stop.ts';
import { ledger } from '#entities/index.ts';
import { createOwnLocks } from '#platform/own-locks.ts';
import { systemClock, systemRandom } from '#platform/system.ts';
import { createRowReader } from '#store/backup/read-rows.ts';
import { forgetBroughtKeys } from '#store/restore/brought-keys.ts';
import { createMemoryPlace, type MemoryPlace } from './memory-place.ts';
import { mint, must, openMemoryWorkspace } from './memory-workspace.ts';

export const MINUTE = 60_000;

export async function openBackupWorld({ place: given }: { readonly place?: Place } = {}) {
  const time = { ms: 1_790_000_000_000 };
  const place = given ?? createMemoryPlace(() => time.ms);
  const clock = { ...systemClock, now: () => time.ms };
  const workspace = await openMemoryWorkspace({ clock, random: systemRandom });
  const { store, kv, row } = workspace;
  must(
    await kv.transact({}, () => ({
      writes: [{ put: 'meta', row: { key: 'marker', madeAt: 1, recovered: null } }],
      value: undefined,
    })),
  );
  const kept = createKeptBackups({
    ...{ place, lock: 'place', ledger, clock, random: systemRandom, locks: createOwnLocks(), offsetMinutes: 0 },
    onRemoval: async (left) => void must(await forgetBroughtKeys({ kv }, left)),
  });
  const about = {
    ...{ app: '0.0.0', account: row.accountId, workspace: row.id },
    device: { id: row.deviceId, name: row.deviceName },
  };
  const rows: RowReader = createRowReader(kv);
  const run = { signal: createStop().signal as StopSignal, pause: async () => {} };

  const save = async (kind: string, id: string, patch: { readonly [field: string]: string | number | null }) => {
    const before = must(await store.get(kind, id));
    const base = before?.fields ?? {};
    must(await store.save({ kind, id, patch, base, baseSeq: before?.localSeq ?? 0, saveId: mint() }));
    return id;
  };
  const writeNotes = async (count: number): Promise<readonly string[]> => {
    const ids: string[] = [];
    for (let n = 0; n < count; n++) ids.push(await save('note', mint(), { title: `Note ${n}`, text: `Text of ${n}` }));
    return ids;
  };
  const backUp = async (reason: MadeReason = 'schedule', reader = rows, how = run) => {
    time.ms += 30 * MINUTE;
    return caught(() => kept.backUp({ ...about, rows: reader }, reason, how));
  };
  /** What a backup holds, line by line. */
  const linesOf = async (id: string, from: Place = place, found = kept): Promise<readonly string[]> => {
    const manifest: Manifest = await found.find(id);
    const lines: string[] = [];
    for await (const line of openBackup(from, manifest).lines()) lines.push(line);
    return lines;
  };
  return { ...workspace, time, clock, place: place as MemoryPlace, kept, rows, run, about, save, writeNotes, backUp, linesOf };
}

export type BackupWorld = Awaited<ReturnType<typeof openBackupWorld>>;
