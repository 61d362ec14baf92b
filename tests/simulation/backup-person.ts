/**
 * What a simulated person does with backups: makes one, restores from one, goes on with what was interrupted (invariant 33), takes back, and has
 * them read (invariant 36).
 */
import { readRecord } from '#backup/format/record.ts';
import { type Manifest, readManifest } from '#backup/kept/manifest.ts';
import { openBackup } from '#backup/kept/open-backup.ts';
import { comparePairs, partPath, readPart } from '#backup/kept/parts.ts';
import { toLine } from '#backup/kept/to-line.ts';
import type { Json } from '#core/json.ts';
import type { RestoreChoice } from '#core/restores.ts';
import { PURGED } from '#store/schema/schema.ts';
import { COMES_BACK, judgeContent, WHOLE } from './backup-oracle.ts';
import type { Device } from './device.ts';
import type { Deed } from './plan.ts';
import type { Scheduler } from './scheduler.ts';
import type { ServerHost } from './server-host.ts';
import type { Tab } from './tab.ts';
import type { Verdict } from './verdict.ts';

export type BackupDeed = Extract<
  Deed,
  { readonly do: 'backup' | 'backup-out' | 'backup-remove' | 'restore' | 'restore-end' | 'restore-undo' }
>;

interface Deps {
  readonly scheduler: Scheduler;
  readonly verdict: Verdict;
  /** The note or chat of that number, if there is one. */
  readonly thing: (note: number) => { readonly kind: string; readonly id: string } | undefined;
}

const at = <T>(items: readonly T[], place: number): T | undefined => items[Math.floor(place * items.length)];

export async function careForBackups(deed: BackupDeed, device: Device, tab: Tab, deps: Deps): Promise<void> {
  if (deed.do === 'backup') return backUp(device, tab, deps);
  if (deed.do === 'restore-end' || deed.do === 'restore-undo') {
    const restores = await tab.callBackups('restores', (work) => work.restores());
    const open = (restores.ok ? restores.value : []).filter(({ state }) =>
      deed.do === 'restore-undo' ? state !== 'undone' : state === 'applying' || state === 'undoing',
    );
    const chosen = at(open, deed.place);
    if (!chosen) return;
    const goOn = deed.do === 'restore-end' && deed.word === 'resume' && chosen.state === 'applying';
    await (goOn
      ? tab.callBackups('resume', (work) => work.resume(chosen.id))
      : tab.callBackups('undo', (work) => work.undo(chosen.id)));
    return;
  }
  const isServer = deed.do !== 'backup-out' && deed.isServer === true;
  const list = await tab.callBackups('backups', (work) => (isServer ? work.listServer() : work.list()));
  const chosen = list.ok ? at(list.value.backups, deed.place) : undefined;
  if (!chosen) return;
  if (deed.do === 'backup-out') return void (await tab.callBackups('copy to the server', (work) => work.copyOut(chosen.id)));
  if (deed.do === 'backup-remove') {
    await tab.callBackups('remove', (work) => (isServer ? work.removeFromServer(chosen.id) : work.remove(chosen.id)));
    return;
  }
  if (isServer && !(await tab.callBackups('bring', (work) => work.bringIn(chosen.id))).ok) return;
  const only = deed.only === undefined ? undefined : deps.thing(deed.only);
  const choice: RestoreChoice = { way: deed.way, skipNewer: deed.skipNewer, only: only ? [only.kind, only.id] : null };
  // What the person is shown is what they agree to.
  const planned = await tab.callBackups('plan', (work) => work.plan(chosen.id, choice));
  if (!planned.ok) return;
  const content = await contentOf(device, chosen.id, deps.scheduler);
  if (!content) return;
  device.backupOracle.asked({ backup: chosen.id, choice, records: content.records });
  await tab.callBackups('restore', (work) => work.restore(chosen.id, choice));
}

async function backUp(device: Device, tab: Tab, { scheduler, verdict }: Deps): Promise<void> {
  const made = await tab.callBackups('back up', (work) => work.backUp('asked'));
  if (!made.ok) return;
  // What has been changed since is not in it.
  const rows = [...device.oracle.entities()];
  if (device.localSeq() !== made.value.localSeq) return;
  const content = await contentOf(device, made.value.id, scheduler);
  if (!content) return;
  const expected = rows
    .flatMap(({ place, ...row }) => toLine(device.ledger(), { ...row, deleted: place === PURGED }) ?? [])
    .sort((a, b) => comparePairs(a.key, b.key))
    .map(({ text }) => text);
  judgeContent(device.name, content.manifest, content.lines, expected, verdict);
}

/** What lies there, read past the scheduler; null where it cannot be read as a whole. */
async function contentOf(device: Device, id: string, scheduler: Scheduler) {
  const { place } = device.backups;
  return scheduler.stand(async () => {
    const manifest = (await manifestsOf(device)).find((one) => one.id === id);
    if (!manifest) return null;
    const lines: string[] = [];
    let isWhole = true;
    for await (const line of openBackup(place, manifest).lines(() => {
      isWhole = false;
    }))
      lines.push(line);
    const records = lines.flatMap((line) => {
      const read = readRecord(JSON.parse(line) as Json);
      return read.ok ? [read.value] : [];
    });
    return isWhole ? { manifest, lines, records } : null;
  });
}

async function manifestsOf({ backups: { place } }: Device): Promise<readonly Manifest[]> {
  const found: Manifest[] = [];
  for (const name of (await place.list('')).filter((one) => one.endsWith('.json.gz'))) {
    const file = await place.read(name);
    const read = file && (await readManifest(file));
    if (read?.ok) found.push(read.value);
  }
  return found;
}

/** What did not come with a backup from elsewhere, because of its way here: that is said. */
const isMissed = ({ backups }: Device, path: string, from: object | null | undefined): boolean =>
  from != null && !backups.written.has(path);

/** At the end: every part that a list names is there as it was written, but for those that the world has damaged. */
export async function judgeBackups(device: Device, verdict: Verdict): Promise<void> {
  const { place, damaged } = device.backups;
  for (const { id, parts, from } of await manifestsOf(device)) {
    for (const part of parts) {
      const path = partPath(part.hash);
      const read = await readPart(await place.read(path), part);
      if (!read.ok && !damaged.has(path) && !isMissed(device, path, from))
        verdict.fail(WHOLE, `${device.name} ${id} has ${part.hash} ${read.error}`);
    }
  }
}

/** What the server lists is whole there, where nobody has put it back. */
export async function judgeServerBackups({ storage, files }: ServerHost, accountId: string, verdict: Verdict): Promise<void> {
  const lists = await storage.read(async (reader) => {
    const backups = await reader.backups(accountId);
    return Promise.all(backups.map(async ({ id }) => ({ id, blobs: await reader.backupBlobs(accountId, id) })));
  });
  if (!lists.ok) throw new Error(lists.error.type);
  for (const { id, blobs } of lists.value) {
    const lacks = (blobs ?? []).filter((hash) => !files.whole({ accountId, hash }));
    if (blobs === null || lacks.length > 0) verdict.fail(WHOLE, `the server has ${id} without ${lacks.join(', ')}`);
  }
}

/** At most so long after all trouble a person looks whether something is still under way. */
const LOOKS = 30;
const LOOK_MS = 2000;

/** A person ends what was interrupted, and has every backup read: what is damaged is named. */
export async function endRestores(device: Device, tab: Tab, { verdict, scheduler }: Omit<Deps, 'thing'>): Promise<void> {
  for (let look = 0; ; look++) {
    const restores = await tab.callBackups('restores', (work) => work.restores());
    const open = (restores.ok ? restores.value : []).filter(({ state }) => state === 'applying' || state === 'undoing');
    if (open.length === 0 && !device.openTabs().some((one) => one.isBackingUp())) break;
    if (look === LOOKS) verdict.fail(COMES_BACK, `${device.name} cannot end the restore ${JSON.stringify(open)}`);
    if (look === LOOKS) break;
    for (const { id, state } of open) {
      const resumed = state === 'applying' ? await tab.callBackups('resume', (work) => work.resume(id)) : null;
      if (!resumed?.ok) await tab.callBackups('undo', (work) => work.undo(id));
    }
    await new Promise<void>((resolve) => scheduler.timer(tab.page, LOOK_MS, resolve, 'look again'));
  }
  const list = await tab.callBackups('backups', (work) => work.list());
  for (const { id, from } of list.ok ? list.value.backups : []) {
    const before = [...device.backups.damaged];
    const read = await tab.callBackups('verify', (work) => work.verify(id));
    if (!read.ok) continue;
    const said = read.value.damaged.map(({ hash }) => partPath(hash));
    const strange = said.filter((path) => !before.includes(path) && !isMissed(device, path, from));
    if (strange.length > 0) verdict.fail(WHOLE, `${device.name} ${id} is said to lack ${strange.join(', ')}`);
  }
}
