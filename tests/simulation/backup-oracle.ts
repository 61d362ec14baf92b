/**
 * Backups and restores, seen from outside: what a restore takes out is older than what it puts in, or was shown to go; an undo gives back what was
 * there and leaves what was written since; a backup has what its device had, and one that is listed is whole, or its damage is said.
 */
import type { BackupRecord } from '#backup/format/record.ts';
import type { Manifest } from '#backup/kept/manifest.ts';
import { type Stamp, ZERO_STAMP } from '#core/clock.ts';
import type { Fields, Ledger, Stamps } from '#core/entity.ts';
import { keyText } from '#core/entity-key.ts';
import { equalJson } from '#core/json.ts';
import { laterStamp } from '#core/merge/merge.ts';
import type { Write } from '#core/ports.ts';
import type { RestoreChoice } from '#core/restores.ts';
import type { RestoredEntry, RestoredRow, RestoreRow } from '#store/schema/restore-meta-rows.ts';
import { type EntityRow, PURGED, type WorkspaceTables } from '#store/schema/schema.ts';
import type { Mirror } from './disk-oracle.ts';
import type { IntentOracle } from './intent-oracle.ts';
import { type Tokens, wordsIn, wordsTakenOut } from './tokens.ts';
import type { Verdict } from './verdict.ts';

export const NEWER_STAYS = 'invariant 32: a restore takes out nothing that is newer';
export const COMES_BACK = 'invariant 33: what a restore is done with is there';
export const UNDONE = 'invariant 34: an undo gives back what was there, but for edits since';
export const AS_OF = 'invariant 35: a backup has what its device had';
export const WHOLE = 'invariant 36: a backup that is listed is whole, or its damage is said';

/** What a person has asked for: the records of the backup and what they have chosen. */
export interface Asked {
  readonly backup: string;
  readonly records: readonly BackupRecord[];
  readonly choice: RestoreChoice;
}

export interface BackupOracle {
  /** A person begins a restore. */
  asked(restore: Asked): void;
  /** Before a commit is in the mirror; what it gives is called afterwards. */
  onCommit(writes: readonly Write<WorkspaceTables>[], mirror: Mirror): () => void;
}

export interface BackupOracleOptions {
  readonly device: string;
  readonly ledger: () => Ledger;
  readonly tokens: Tokens;
  readonly intent: IntentOracle;
  readonly verdict: Verdict;
  /** The person has confirmed that this goes. */
  readonly onGone: (kind: string, id: string) => void;
}

const latest = (stamps: Stamps): Stamp => Object.values(stamps).reduce(laterStamp, ZERO_STAMP);

export function createBackupOracle({ device, ledger, tokens, intent, verdict, onGone }: BackupOracleOptions): BackupOracle {
  const waiting: Asked[] = [];
  const begun = new Map<string, Asked & { readonly byKey: ReadonlyMap<string, BackupRecord> }>();
  const batches = new Map<string, readonly RestoredEntry[]>();

  const askedOf = (row: RestoreRow) => {
    const known = begun.get(row.key);
    if (known) return known;
    // One that was asked for earlier may have ended before it wrote anything.
    const ofBackup = waiting.filter(({ backup }) => backup === row.backup);
    const asked = ofBackup.findLast(({ choice }) => equalJson(choice as never, row.choice as never)) ?? ofBackup.at(-1);
    if (!asked) return undefined;
    waiting.splice(waiting.indexOf(asked), 1);
    const named = { ...asked, byKey: new Map(asked.records.map((record) => [keyText(record), record])) };
    begun.set(row.key, named);
    return named;
  };

  const touch = ({ kind, id }: RestoredEntry): void => {
    intent.touched(kind, id);
    intent.forgetTitles(keyText({ kind, id }));
    tokens.forgetRemovals(({ key }) => key === keyText({ kind, id }));
    tokens.ignoreRemovals(keyText({ kind, id }));
  };

  const checkWritten = (restore: RestoreRow, entry: RestoredEntry, row: EntityRow | undefined): void => {
    const asked = askedOf(restore);
    const record = asked?.byKey.get(keyText(entry));
    const name = `${device} ${keyText(entry)}`;
    const lost = wordsTakenOut(entry.before?.fields ?? {}, entry.after.fields);
    if (asked && record) {
      const { way, skipNewer } = asked.choice;
      const here = entry.before ? latest(entry.before.stamps) : (row?.lastUpdated ?? ZERO_STAMP);
      if (skipNewer && here > latest(record.stamps)) verdict.fail(NEWER_STAYS, `${name} was newer, and is to stay`);
      for (const [field, value] of Object.entries(entry.before?.fields ?? {})) {
        if (way !== 'merge' || wordsTakenOut(value, entry.after.fields[field] ?? null).length === 0) continue;
        const theirs = record.stamps[field];
        if (theirs !== undefined && theirs <= (entry.before?.stamps[field] ?? ZERO_STAMP))
          verdict.fail(NEWER_STAYS, `${name} ${field} was ${JSON.stringify(value)}`);
      }
    }
    tokens.excuse(lost, `replaced by a restore on ${device}`);
    tokens.notePut(wordsTakenOut(entry.after.fields, entry.before?.fields ?? {}));
    touch(entry);
  };

  const checkUndone = (entry: RestoredEntry, was: EntityRow | undefined, is: EntityRow | undefined, children: boolean): void => {
    touch(entry);
    if (!was || !is || was.place === PURGED) return;
    const name = `${device} ${keyText(entry)}`;
    const isUntouched = equalJson(was.fields, entry.after.fields);
    const isGone = is.place === PURGED;
    const say = (what: string): void =>
      verdict.fail(UNDONE, `${name} ${what}: ${JSON.stringify([entry, was.fields, isGone ? null : is.fields])}`);
    if (isUntouched && entry.before === null && !isGone && !children) say('is still there');
    if (isUntouched && entry.before && !equalJson(is.fields, entry.before.fields) && was.v <= entry.v) say('is not as it was');
    if (isGone && (!isUntouched || entry.before !== null)) say('is gone');
    if (isGone) onGone(entry.kind, entry.id);
    const next: Fields = isGone ? {} : is.fields;
    const brought = wordsIn(entry.after.fields);
    const lost = wordsTakenOut(was.fields, next);
    const strange = lost.filter((word) => !brought.has(word));
    if (strange.length > 0) say(`has lost ${strange.join(', ')}`);
    tokens.excuse(lost, `brought by a restore that was undone on ${device}`);
    tokens.notePut(wordsTakenOut(next, was.fields));
  };

  const mayBeMissing = ({ kind, id, v, raw }: BackupRecord, { only }: RestoreChoice): boolean => {
    const declaration = ledger().get(kind);
    const isChosen = !only || (only[0] === kind && only[1] === id);
    return !isChosen || !declaration || declaration.scope !== 'synced' || raw !== undefined || v > declaration.version;
  };

  return {
    asked: (restore) => void waiting.push(restore),
    onCommit(writes, mirror) {
      const metas = writes.flatMap((write) => ('put' in write && write.put === 'meta' ? [write.row] : []));
      const restore = metas.find((row): row is RestoreRow => row.key.startsWith('restore/'));
      if (!restore) return () => {};
      const puts = new Map(
        writes.flatMap((write) => ('put' in write && write.put === 'entities' ? [[keyText(write.row), write.row] as const] : [])),
      );
      const doneBefore =
        ([...mirror.rowsOf('meta')] as { readonly key: string; readonly done?: number }[]).find(({ key }) => key === restore.key)
          ?.done ?? 0;
      for (const row of metas) {
        if (!row.key.startsWith('restored/')) continue;
        const { key, entries } = row as RestoredRow;
        batches.set(key, entries);
        for (const entry of entries) checkWritten(restore, entry, mirror.entity(entry.kind, entry.id));
      }
      for (const write of writes) {
        if (!('delete' in write) || write.delete !== 'meta') continue;
        for (const entry of batches.get(String(write.key)) ?? []) {
          const was = mirror.entity(entry.kind, entry.id);
          const has = [...mirror.entities()].some(({ parent, place }) => parent === entry.id && place !== PURGED);
          checkUndone(entry, was, puts.get(keyText(entry)) ?? was, has);
        }
      }
      return () => {
        const asked = askedOf(restore);
        // What is kept beside what is here may be there under another id.
        if (!asked || asked.choice.skipNewer || asked.choice.way === 'copy' || restore.state !== 'applying') return;
        for (const record of asked.records.slice(doneBefore, restore.done)) {
          const row = mirror.entity(record.kind, record.id);
          if ((!row || row.place === PURGED) && !mayBeMissing(record, asked.choice))
            verdict.fail(COMES_BACK, `${device} ${keyText(record)}`);
        }
      };
    },
  };
}

/** What a backup of the rows that are here holds, compared with one that was made of them. */
export function judgeContent(
  device: string,
  manifest: Manifest,
  lines: readonly string[],
  rows: readonly string[],
  verdict: Verdict,
): void {
  const [lacks, has] = [rows.filter((one) => !lines.includes(one)), lines.filter((one) => !rows.includes(one))];
  if (lacks.length + has.length > 0)
    verdict.fail(AS_OF, `${device} ${manifest.id} at ${manifest.localSeq} lacks ${lacks.join('; ')}, has ${has.join('; ')}`);
}
