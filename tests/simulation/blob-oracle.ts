/** What must hold of blobs: nothing that is named is lost, nothing is there half, and nothing is sent without need. */
import { type BlobHash, blobsIn } from '#core/blobs.ts';
import type { BytesRequest } from '#core/ports.ts';
import type { PushAnswer } from '#core/protocol.ts';
import type { BlobBytesRow, BlobRow } from '#store/schema/blob-rows.ts';
import { type EntityRow, PURGED } from '#store/schema/schema.ts';
import { type Bytes, hashBytes } from '#support/memory-server-blobs.ts';
import type { BytesTap } from './bytes-link.ts';
import type { Store } from './disk-oracle.ts';
import type { Claimed } from './server-host.ts';
import type { Verdict } from './verdict.ts';

/** A device as this oracle sees it. */
export interface BlobHolder {
  readonly name: string;
  /** Its wall clock, ms. */
  now(): number;
  /** Whether its clock has never been set by more than seconds. */
  wasRight(): boolean;
  files(): ReadonlyMap<string, Bytes>;
  /** The texts of the lists of its backups. */
  backups(): readonly string[];
  /** Every row of a store. */
  rowsOf(store: Store): Iterable<object>;
}

export interface BlobOracle extends BytesTap {
  addDevice(holder: BlobHolder): void;
  /** A row of a device's database changes; `afterCommit` follows. */
  onRow(device: string, store: Store, before: object | undefined, after: object | undefined): void;
  afterCommit(device: string): void;
  /** What a JSON answer says of blobs, as it reaches a device. */
  onWords(device: string, request: { readonly path: string }, json: unknown): void;
  /** Words of a device reach the server. */
  onPush(device: string, request: { readonly path: string; readonly body?: unknown }): void;
  /** A fetch has ended well. */
  onFetched(device: string, hash: BlobHash): void;
  /** A person has opened a blob. */
  onOpened(device: string, hash: BlobHash, bytes: Uint8Array): void;
  /** Everything of the device is gone. */
  forget(device: string): void;
  /** Runs what takes whole copies away: what was only there cannot be expected back. */
  destroy(deed: () => Promise<void>): Promise<void>;
  onServerWhole(hash: BlobHash, bytes: Uint8Array, nowMs: number): void;
  /** From now on a whole blob counts as removed on the server. */
  onServerRemoval(hash: BlobHash, what: Claimed, nowMs: number): void;
  /** What is not as it must be once everything is quiet; null where all is. */
  whatIsMissing(): string | null;
}

const DAY_MS = 24 * 3_600_000;
const GRACE_MS = 30 * DAY_MS;
/** The body of an op goes ahead of it: what no op follows is of no use to anybody. */
const BODY_GRACE_MS = 3_600_000;
/** What was sent for a backup that has not come, or was removed. */
const BACKUP_GRACE_MS = DAY_MS;
/** Its own rows, and those that name blobs as what was not found: neither is a name that keeps one. */
const NOT_NAMING: ReadonlySet<Store> = new Set(['blobs', 'blob-bytes']);
const NAMING = ['entities', 'history', 'bases', 'outbox', 'quarantine', 'unsaved'] as const;

const NAMED = 'invariant 25: what names a blob finds it on a device or on the server';
const TAKEN = 'invariant 26: no blob is taken while it is named, or within the grace';
const AGAIN = 'invariant 27: nothing is sent again that the server has said to have';
const QUIET = 'invariant 28: in the end the server has every blob, and every device opens those of its notes';
const HASH = 'invariant 29: bytes match their hash';
const FIRST = 'invariant 30: an entity names a blob only when its bytes are here';
const SENT = 'invariant 31: sent is said only of what the server has verified';

interface State {
  readonly holder: BlobHolder;
  /** Hashes that any row of it has ever named. */
  readonly known: Set<BlobHash>;
  /** Its wall time when a row last named it. */
  readonly namedAt: Map<BlobHash, number>;
  /** How many bytes of a blob the server has, as it told this device last. */
  readonly told: Map<BlobHash, { offset: number; isWhole: boolean }>;
  newNames: { readonly hash: BlobHash; readonly key: string }[];
  blobs: { readonly before: BlobRow | undefined; readonly after: BlobRow | undefined }[];
}

export interface BlobOracleOptions {
  readonly verdict: Verdict;
  /** The bytes of a whole blob on the server. */
  readonly onServer: (hash: BlobHash) => Bytes | undefined;
}

export function createBlobOracle({ verdict, onServer }: BlobOracleOptions): BlobOracle {
  const states = new Map<string, State>();
  /** Names that ops of a device have brought to others. */
  const pushed = new Map<BlobHash, Set<string>>();
  /** What the server has had whole. */
  const had = new Set<BlobHash>();
  const wholeSince = new Map<BlobHash, number>();
  const destroyed = new Set<BlobHash>();

  const stateOf = (device: string): State => {
    const state = states.get(device);
    if (!state) throw new Error(`no device ${device}`);
    return state;
  };

  const bytesOn = ({ holder }: State, hash: BlobHash): Bytes | null => {
    const row = rowOf(holder, hash);
    if (!row || row.at === null) return null;
    if (row.at === 'file') return holder.files().get(hash) ?? null;
    const parts = ([...holder.rowsOf('blob-bytes')] as BlobBytesRow[]).filter(({ name }) => name === row.rows);
    return new Uint8Array(Buffer.concat(parts.sort((a, b) => a.part - b.part).map(({ bytes }) => new Uint8Array(bytes))));
  };
  const isOn = (state: State, hash: BlobHash): boolean => {
    const bytes = bytesOn(state, hash);
    return bytes !== null && hashBytes(bytes) === hash;
  };
  const isOnServer = (hash: BlobHash): boolean => {
    const bytes = onServer(hash);
    return bytes !== undefined && hashBytes(bytes) === hash;
  };
  const isAnywhere = (hash: BlobHash): boolean => isOnServer(hash) || [...states.values()].some((state) => isOn(state, hash));

  const isNamedOn = ({ holder }: State, hash: BlobHash): boolean =>
    NAMING.some((store) => [...holder.rowsOf(store)].some((row) => JSON.stringify(row).includes(`files/${hash}`))) ||
    isBackedUpOn(holder, hash);

  const checkRow = (state: State, before: BlobRow | undefined, after: BlobRow | undefined): void => {
    const { name } = state.holder;
    const hash = (after ?? before)?.hash ?? '';
    const isHere = after !== undefined && after.at !== null;
    if (isHere && before?.at !== after.at && !isOn(state, hash))
      verdict.fail(HASH, `${name} has a row of ${hash} with other bytes`);
    if (after?.sent && !before?.sent && !had.has(hash)) verdict.fail(SENT, `${name} ${hash}`);
    if (!before || before.at === null || isHere) return;
    if (after === undefined) {
      if (isNamedOn(state, hash)) verdict.fail(TAKEN, `${name} has removed ${hash}, which it names`);
      const nowMs = state.holder.now();
      const since = Math.max(state.namedAt.get(hash) ?? 0, before.addedAt);
      if (state.holder.wasRight() && nowMs - since < GRACE_MS)
        verdict.fail(TAKEN, `${name} has removed ${hash} after ${nowMs - since} ms`);
    } else if (after.letGo && isNamedOn(state, hash) && !isAnywhere(hash) && !destroyed.has(hash)) {
      verdict.fail(NAMED, `${name} has let ${hash} go, which nobody else has`);
    } else if (after.letGo && isNamedOn(state, hash) && !pushed.has(hash)) {
      verdict.fail(NAMED, `${name} has let ${hash} go, which no version that the server has ever had names`);
    }
  };

  const note = (state: State, hash: BlobHash, offset: number, isWhole: boolean): void =>
    void state.told.set(hash, { offset, isWhole });

  return {
    addDevice(holder) {
      const maps = { known: new Set<BlobHash>(), namedAt: new Map(), told: new Map() };
      states.set(holder.name, { holder, ...maps, newNames: [], blobs: [] });
    },
    onRow(device, store, before, after) {
      const state = stateOf(device);
      if (store === 'blobs') {
        state.blobs.push({ before: before as BlobRow | undefined, after: after as BlobRow | undefined });
        return;
      }
      if (NOT_NAMING.has(store)) return;
      const nowMs = state.holder.now();
      for (const hash of namesIn(before)) state.namedAt.set(hash, nowMs);
      for (const hash of namesIn(after)) {
        const row = after as Partial<EntityRow>;
        if (store === 'entities' && row.queued != null && !state.known.has(hash))
          state.newNames.push({ hash, key: `${row.kind}/${row.id}` });
        state.known.add(hash);
        state.namedAt.set(hash, nowMs);
      }
    },
    afterCommit(device) {
      const state = stateOf(device);
      const { newNames, blobs } = state;
      state.newNames = [];
      state.blobs = [];
      for (const { before, after } of blobs) checkRow(state, before, after);
      for (const { hash, key } of newNames) {
        const isFromElsewhere = [...(pushed.get(hash) ?? [])].some((other) => other !== device);
        if (!isFromElsewhere && !isOn(state, hash) && !destroyed.has(hash)) verdict.fail(FIRST, `${device} ${key} ${hash}`);
      }
    },
    onPush(device, { path, body }) {
      if (!path.endsWith('/push')) return;
      for (const hash of namesIn({ body })) pushed.set(hash, (pushed.get(hash) ?? new Set()).add(device));
    },
    onWords(device, { path }, json) {
      const state = stateOf(device);
      if (path.endsWith('/push'))
        for (const result of (json as Partial<PushAnswer>).results ?? [])
          if (result.type === 'applied') for (const hash of result.missingBlobs) state.told.delete(hash);
      if (path.endsWith('/blobs/missing'))
        for (const hash of (json as { readonly missing?: readonly string[] }).missing ?? []) state.told.delete(hash);
    },
    onBytesRequest(device, request) {
      // The body of an op is no file, and what a backup is made of is small: it goes without a question.
      if (request.method !== 'PUT' || /&(body|backup)=/.test(request.path)) return;
      const { hash, offset } = partOf(request);
      const told = stateOf(device).told.get(hash);
      if (told?.isWhole) verdict.fail(AGAIN, `${device} sends ${hash}, which is whole there`);
      else if (told && offset < told.offset)
        verdict.fail(AGAIN, `${device} sends ${hash} from ${offset}, not from ${told.offset}`);
    },
    onBytesAnswer(device, request, { status, offset, size }) {
      const state = stateOf(device);
      const hash = hashIn(request.path);
      if (status === 404 || status === 422) state.told.delete(hash);
      else if (request.method !== 'GET' && offset !== null)
        note(state, hash, offset, offset === size && (status !== 409 || size > 0));
    },
    onFetched(device, hash) {
      const state = stateOf(device);
      if (!isOn(state, hash) && !rowOf(state.holder, hash)?.letGo)
        verdict.fail(HASH, `${device} has fetched ${hash} and does not have it`);
    },
    onOpened(device, hash, bytes) {
      if (hashBytes(bytes) !== hash) verdict.fail(HASH, `${device} gives other bytes for ${hash}`);
    },
    forget(device) {
      const state = stateOf(device);
      state.known.clear();
      state.namedAt.clear();
      state.told.clear();
    },
    async destroy(deed) {
      const names = new Set([...states.values()].flatMap(({ known }) => [...known]));
      const before = [...names, ...had].filter(isAnywhere);
      await deed();
      for (const hash of before) if (!isAnywhere(hash)) destroyed.add(hash);
      for (const { told } of states.values()) told.clear();
    },
    onServerWhole(hash, bytes, nowMs) {
      if (hashBytes(bytes) !== hash) verdict.fail(HASH, `the server has other bytes for ${hash}`);
      had.add(hash);
      wholeSince.set(hash, nowMs);
    },
    onServerRemoval(hash, { isNamed, isBody, isBackup }, nowMs) {
      if (isNamed) verdict.fail(TAKEN, `the server has removed ${hash}, which is named`);
      const since = wholeSince.get(hash);
      const graceMs = isBody ? BODY_GRACE_MS : isBackup ? BACKUP_GRACE_MS : GRACE_MS;
      if (since !== undefined && nowMs - since < graceMs) verdict.fail(TAKEN, `the server has removed ${hash} within the grace`);
    },
    whatIsMissing() {
      for (const state of states.values()) {
        const { holder } = state;
        const named = new Set<BlobHash>();
        for (const row of holder.rowsOf('entities') as Iterable<EntityRow>)
          if (row.place !== PURGED) for (const hash of namesIn(row)) named.add(hash);
        for (const hash of named) {
          if (!isAnywhere(hash)) {
            if (!destroyed.has(hash)) return `${NAMED}: ${holder.name} names ${hash}, which is nowhere`;
            continue;
          }
          if (!isOnServer(hash)) return `${QUIET}: the server lacks ${hash}, which ${holder.name} names`;
          if (!isOn(state, hash)) return `${QUIET}: ${holder.name} cannot open ${hash}`;
        }
      }
      return null;
    },
  };
}

const isBackedUpOn = (holder: BlobHolder, hash: BlobHash): boolean =>
  holder.backups().some((text) => text.includes(`files/${hash}`));

const rowOf = (holder: BlobHolder, hash: BlobHash): BlobRow | undefined =>
  ([...holder.rowsOf('blobs')] as BlobRow[]).find((row) => row.hash === hash);

const namesIn = (row: object | undefined): readonly BlobHash[] => (row ? blobsIn(JSON.stringify(row)) : []);

const hashIn = (path: string): BlobHash => /blobs\/([0-9a-f]{64})/.exec(path)?.[1] ?? '';

function partOf({ path }: BytesRequest): { readonly hash: BlobHash; readonly offset: number } {
  return { hash: hashIn(path), offset: Number(/offset=(\d+)/.exec(path)?.[1] ?? 0) };
}
