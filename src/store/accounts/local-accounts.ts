/** The accounts that this browser holds: what is left behind by a sign-out, and what would go with an erasure. */

import { openLock } from '#core/channels.ts';
import { viewFields } from '#core/entity.ts';
import type { KvError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import { documentKind } from '#entities/documents.ts';
import { ledger } from '#entities/index.ts';
import type { FilesLeft, LocalAccount } from '#store/calls/worker-api.ts';
import { hasSave } from '#store/save/applied-saves.ts';
import { asSync, SYNC } from '#store/schema/context.ts';
import type { BringRow, WorkspaceRow } from '#store/schema/registry-schema.ts';
import { type EntityRow, LIVE } from '#store/schema/schema.ts';
import { openWorkspace, type Workspace, type WorldPorts } from '#store/workspace.ts';
import { hasAllFiles } from './bring-files-runner.ts';
import { deleteWorkspace } from './erase.ts';
import type { Registry } from './registry.ts';

/** So many titles are named of what is not on the server; the rest is a number. */
const MAX_TITLES = 8;
const MAX_LOOKED_AT = 1000;
/** So many titles say which account it is, found among this many of its newest changes. */
const FEW_TITLES = 3;
const NEWEST = 60;
const UNSENT_FILES = { count: 'blobs', index: 'byWaiting' } as const;
const JOURNAL_ROWS = { rows: { list: 'unsaved', limit: MAX_LOOKED_AT } } as const;

/** Every account of this browser, the open one first. */
export async function listLocalAccounts(
  ports: WorldPorts,
  registry: Registry,
  active: Workspace,
  memory: boolean,
): Promise<Result<readonly LocalAccount[], KvError>> {
  const state = await registry.state();
  if (!state.ok) return state;
  const { activeId, rows, brings } = state.value;
  const open = await readAccount(active, active.row, true);
  if (!open.ok) return open;
  const others: LocalAccount[] = [];
  for (const row of memory ? [] : rows.filter(({ id }) => id !== active.row.id)) {
    const workspace = await openWorkspace(ports, row, false);
    if (!workspace.ok) return workspace;
    const account = await readAccount(workspace.value, row, false);
    const bring = brings.find(({ from, state: how }) => how === 'following' && from === row.id);
    const isElsewhere = bring ? await isWhole(ports, rows, active, workspace.value, bring) : false;
    workspace.value.close();
    if (!account.ok) return account;
    const isOnItsWay = brings.some((one) => one.state === 'copying' && [one.from, one.into].includes(row.id));
    const filesLeft = bring ? filesLeftOf(bring) : null;
    // A tab that could not move yet looks at what every other tab has open.
    const isFree = row.id !== activeId && !isOnItsWay && filesLeft === null;
    others.push({ ...account.value, filesLeft, mayForget: isFree && (account.value.mayForget || isElsewhere) });
  }
  return ok(others.length === 0 ? [open.value] : [open.value, ...others.sort((a, b) => b.lastOpenedAt - a.lastOpenedAt)]);
}

/** What was not looked for since the last words came along may be any number. */
function filesLeftOf(bring: BringRow): FilesLeft | null {
  const { files, seq } = bring;
  if (hasAllFiles(bring)) return null;
  return files?.seq === seq ? { files: files.left, why: files.why } : { files: null, why: null };
}

/** All of it was brought into another account of this browser, whose server has acknowledged everything. */
async function isWhole(
  ports: WorldPorts,
  rows: readonly WorkspaceRow[],
  active: Workspace,
  from: Workspace,
  bring: BringRow,
): Promise<boolean> {
  const { into, seq } = bring;
  if (!hasAllFiles(bring)) return false;
  const head = await from.kv.read({ state: { get: 'meta', key: 'state' } });
  const journal = await countJournal(from);
  if (!head.ok || !journal.ok) return false;
  const { state } = head.value;
  if (state?.key !== 'state' || state.localSeq !== seq || journal.value > 0) return false;
  const row = rows.find(({ id }) => id === into);
  if (!row) return false;
  const opened = into === active.row.id ? ok(active) : await openWorkspace(ports, row, false);
  if (!opened.ok) return false;
  const left = await opened.value.kv.read({
    outbox: { count: 'outbox' },
    files: UNSENT_FILES,
    sync: { get: 'meta', key: 'sync' },
  });
  if (opened.value !== active) opened.value.close();
  return (
    left.ok &&
    left.value.files === 0 &&
    left.value.outbox === 0 &&
    left.value.sync?.key === 'sync' &&
    left.value.sync.lastPushedAt !== null
  );
}

/** Deletes an account's copy in this browser, where nothing would be lost by it: `mayForget` says when. */
export async function forgetLocalAccount(
  ports: WorldPorts,
  registry: Registry,
  active: Workspace,
  workspaceId: string,
): Promise<Result<void, KvError>> {
  const row = await registry.get(workspaceId);
  if (!row.ok) return row;
  if (!row.value) return ok(undefined);
  const accounts = await listLocalAccounts(ports, registry, active, false);
  if (!accounts.ok) return accounts;
  // Looked at again here: another tab may have written meanwhile.
  if (!accounts.value.find(({ id }) => id === workspaceId)?.mayForget) {
    return err({ type: 'StorageFailed', reason: 'this account has work that is nowhere else' });
  }
  const forget = async (): Promise<Result<void, KvError>> => {
    const deleted = await deleteWorkspace(workspaceId);
    const removed = deleted.ok ? await registry.remove(workspaceId) : deleted;
    // A context without a page may have opened it in between. From now on nobody finds it.
    return removed.ok ? deleteWorkspace(workspaceId) : removed;
  };
  // A tab that has not moved yet still works in that account, and shares this lock with others of its kind.
  return (await ports.locks.hold(openLock(workspaceId), forget, { ifAvailable: true })) ?? err({ type: 'UpgradeBlocked' });
}

async function readAccount(workspace: Workspace, row: WorkspaceRow, active: boolean): Promise<Result<LocalAccount, KvError>> {
  const read = await workspace.kv.read({
    outbox: { list: 'outbox', limit: MAX_LOOKED_AT },
    waiting: { count: 'outbox' },
    files: UNSENT_FILES,
    entities: { count: 'entities' },
    state: { get: 'meta', key: 'state' },
    sync: SYNC,
    newest: { list: 'entities', index: 'byLocalSeq', reverse: true, limit: NEWEST },
  });
  if (!read.ok) return read;
  // Of a journal that cannot be read nobody knows what it holds.
  const journal = await countJournal(workspace);
  const { outbox, waiting, files, entities, state, sync, newest } = read.value;
  // What a person would miss: not where a device's windows were. What this version does not know may be anything.
  const missed = outbox.filter(({ kind }) => (ledger.get(kind)?.scope ?? 'synced') === 'synced');
  const found = await workspace.kv.read({ rows: { getMany: 'entities', keys: missed.map(({ kind, id }) => [kind, id]) } });
  if (!found.ok) return found;
  const documents = newest.filter(({ kind, place }) => place === LIVE && documentKind(kind));
  const unsent = (journal.ok ? journal.value : 0) + (waiting > outbox.length ? waiting : missed.length) + files;
  // The server has nothing of it any more: what is here may be all that there is, whatever opened it.
  const isDeleted = asSync(sync).failure?.reason === 'AccountDeleted';
  const wayBack = row.recoverable && !isDeleted;
  return ok({
    id: row.id,
    active,
    loginName: row.loginName,
    lastOpenedAt: row.lastOpenedAt,
    titles: titlesOf(documents).slice(0, FEW_TITLES),
    retired: row.retired,
    entities,
    bytes: state?.key === 'state' ? state.bytes : 0,
    unsent,
    unsentTitles: titlesOf(found.value.rows).slice(0, MAX_TITLES),
    wayBack,
    isDeleted,
    filesLeft: null,
    mayForget: !active && journal.ok && unsent === 0 && (entities === 0 || wayBack),
  });
}

/** How many journal rows hold words that are not saved. A tab that was killed right after a save leaves its row behind. */
async function countJournal({ kv, journal }: Workspace): Promise<Result<number, KvError>> {
  const [before, now] = await Promise.all([kv.read(JOURNAL_ROWS), journal.read(JOURNAL_ROWS)]);
  if (!before.ok) return before;
  if (!now.ok) return now;
  const rows = [...before.value.rows, ...now.value.rows];
  if (rows.length === 0) return ok(0);
  const found = await kv.read({ saved: { getMany: 'entities', keys: rows.map(({ kind, id }) => [kind, id]) } });
  if (!found.ok) return found;
  return ok(rows.filter(({ saveId }, at) => !hasSave(found.value.saved[at]?.saves ?? [], saveId)).length);
}

function titlesOf(rows: readonly (EntityRow | undefined)[]): readonly string[] {
  const titles = rows.flatMap((entity) => {
    const declaration = ledger.get(entity?.kind ?? '');
    if (!entity || !declaration || declaration.appendOnly) return [];
    return [declaration.title(viewFields(declaration, entity.v, entity.fields))];
  });
  return [...new Set(titles)];
}
