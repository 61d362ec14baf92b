/**
 * The server as a device sees it, from Node: enters an account with its key and reads what the server holds. Tests ask
 * here what really arrived, over the same API and the same checks of answers as the app.
 */

import { type DeviceList, deviceListSchema } from '#core/account-protocol.ts';
import { missingBlobsAnswerSchema } from '#core/blob-protocol.ts';
import type { BlobHash } from '#core/blobs.ts';
import { decodeBody, encodeBody } from '#core/body.ts';
import { formatStamp, stampTag } from '#core/clock.ts';
import type { Fields } from '#core/entity.ts';
import { hashText } from '#core/hash.ts';
import { mintId, mintIdAfter } from '#core/ids.ts';
import { readStandIn } from '#core/large-body.ts';
import { paths } from '#core/paths.ts';
import type { Transport } from '#core/ports.ts';
import { historyAnswerSchema, type Op, pullAnswerSchema, pushAnswerSchema, type RemoteEntity } from '#core/protocol.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { err, ok, type Result } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { enterAccount } from '#sync/enter.ts';
import { call } from '#sync/request.ts';

/** What opens an account: the content of its recovery code. */
export interface AccountKeys {
  readonly accountId: string;
  /** 128 bits in hex. */
  readonly accountKey: string;
}

/** One entity on the server with its body opened. `fields` is empty for a tombstone. */
export interface ServerEntity extends RemoteEntity {
  readonly fields: Fields;
}

export interface ServerState {
  /** The account's counter: one step for each version that was ever applied. */
  readonly seq: number;
  readonly epoch: string;
  /** Every entity of the account, tombstones included, oldest commit first. */
  readonly entities: readonly ServerEntity[];
  /** The notes among them, tombstones excluded. */
  readonly notes: readonly ServerEntity[];
}

export interface ApiClient {
  readonly deviceId: string;
  readState(): Promise<ServerState>;
  /** The kept versions of one entity, newest first. */
  history(kind: string, id: string): Promise<readonly ServerEntity[]>;
  devices(): Promise<DeviceList['devices']>;
  /** The bytes of a blob; null where the account has none of that hash. */
  readBlob(hash: string): Promise<Uint8Array | null>;
  /**
   * Makes entities of a kind with these fields, as a device does that knows nothing else. Gives their ids. They are made
   * in one moment, and lists have the last one on top: a row further down may not be drawn.
   */
  write(kind: string, all: readonly Fields[]): Promise<readonly string[]>;
  /** Makes notes with these titles. Gives their ids. */
  writeNotes(titles: readonly string[]): Promise<readonly string[]>;
  /** Whether the server has all of a blob. */
  hasBlob(hash: BlobHash): Promise<boolean>;
  /** Deletes notes permanently, one version each, without any sign that a person has meant it. */
  deleteNotes(ids: readonly string[]): Promise<void>;
}

/**
 * Enters the account as one more device, `watcher` in its list of devices. Throws when the server refuses, and when it
 * did not have the account: an account that the test itself created would hide that the app never came.
 */
export async function enterAsDevice(url: string, { accountId, accountKey }: AccountKeys): Promise<ApiClient> {
  const transport = createNodeTransport(url);
  const deviceId = mintId(Date.now(), systemRandom);
  const entered = unwrap(await enterAccount(transport, { accountId, accountKey, deviceId, deviceName: 'watcher' }));
  if (entered.created) throw new Error('The server did not have this account: no device has entered it yet.');

  const pull = async (cursor: number) => {
    const body = { protocol: PROTOCOL, epoch: null, seen: null, cursor, limit: 500, maxBytes: 16_000_000 };
    return unwrap(await call(transport, { method: 'POST', path: paths.pull(accountId), body }, pullAnswerSchema));
  };

  /** With the body that travelled by itself. */
  const openWhole = async (entity: RemoteEntity): Promise<ServerEntity> => {
    const standIn = readStandIn(entity.body);
    if (!standIn) return openBody(entity);
    const headers = { cookie: transport.cookie() };
    const response = await fetch(`${url}${paths.blob(accountId, standIn.blob)}`, { headers });
    if (!response.ok) throw new Error(`The server has no body for ${entity.kind}/${entity.id}: ${response.status}`);
    return openBody({ ...entity, body: await response.text() });
  };

  const push = async (ops: readonly Op[]): Promise<void> => {
    const body = { protocol: PROTOCOL, epoch: null, seen: null, ops };
    const { results } = unwrap(await call(transport, { method: 'POST', path: paths.push(accountId), body }, pushAnswerSchema));
    const refused = results.find(({ type }) => type !== 'applied');
    if (refused) throw new Error(`The server answered ${JSON.stringify(refused)}`);
  };
  const makeOp = (kind: string, id: string, base: string | null, fields: Fields | null): Op => {
    const lastUpdated = formatStamp({ ms: Date.now(), counter: 0, tag: stampTag(deviceId) });
    const stamps = Object.fromEntries(Object.keys(fields ?? {}).map((field) => [field, lastUpdated]));
    const body = fields && encodeBody({ fields, stamps });
    const opId = mintId(Date.now(), systemRandom);
    const v = ledger.get(kind)?.version ?? 1;
    return { opId, kind, id, v, base, lastUpdated, deleted: !body, body, hash: hashText(body ?? ''), blobs: [] };
  };

  const client: ApiClient = {
    deviceId,
    async write(kind, all) {
      let id: string | null = null;
      const ops = all.map((fields) => {
        id = mintIdAfter(id, Date.now(), systemRandom);
        return makeOp(kind, id, null, fields);
      });
      // A push takes 100 at a time.
      for (let at = 0; at < ops.length; at += 100) await push(ops.slice(at, at + 100));
      return ops.map(({ id }) => id);
    },
    writeNotes: (titles) =>
      client.write(
        'note',
        titles.map((title) => ({ title })),
      ),
    async deleteNotes(ids) {
      const { notes } = await client.readState();
      await push(ids.map((id) => makeOp('note', id, notes.find((note) => note.id === id)?.version ?? null, null)));
    },
    async readState() {
      const entities: ServerEntity[] = [];
      for (let cursor = 0; ; ) {
        const page = await pull(cursor);
        for (const entity of page.changes) entities.push(await openWhole(entity));
        cursor = page.changes.at(-1)?.seq ?? cursor;
        if (page.more) continue;
        const notes = entities.filter(({ kind, deleted }) => kind === 'note' && !deleted);
        return { seq: page.seq, epoch: page.epoch, entities, notes };
      }
    },
    async hasBlob(hash) {
      const body = { protocol: PROTOCOL, hashes: [hash] };
      const asked = { method: 'POST', path: paths.missingBlobs(accountId), body } as const;
      return unwrap(await call(transport, asked, missingBlobsAnswerSchema)).missing.length === 0;
    },
    async history(kind, id) {
      const path = paths.history(accountId, kind, id);
      const { versions } = unwrap(await call(transport, { method: 'GET', path }, historyAnswerSchema));
      return Promise.all(versions.map(openWhole));
    },
    async readBlob(hash) {
      const response = await fetch(url + paths.blob(accountId, hash), { headers: { cookie: transport.cookie() } });
      return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
    },
    async devices() {
      const path = paths.devices(accountId);
      return unwrap(await call(transport, { method: 'GET', path }, deviceListSchema)).devices;
    },
  };
  return client;
}

const systemRandom = {
  bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)),
  fraction: () => Math.random(),
};

/** `fetch` with the one cookie that the server sets; a browser's jar would hold no more. */
export function createNodeTransport(url: string): Transport & { cookie(): string } {
  let cookie = '';
  return {
    cookie: () => cookie,
    async request({ method, path, body, timeoutMs }) {
      try {
        const response = await fetch(`${url}${path}`, {
          method,
          signal: AbortSignal.timeout(timeoutMs),
          headers: { cookie, ...(body !== undefined && { 'content-type': 'application/json' }) },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        cookie = response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? cookie;
        const text = await response.text();
        const isJson = response.headers.get('content-type')?.includes('json') ?? false;
        return ok({ status: response.status, json: isJson ? JSON.parse(text) : undefined, retryAfterMs: null });
      } catch (error) {
        return err({ reason: String(error) });
      }
    },
  };
}

function openBody(entity: RemoteEntity): ServerEntity {
  return { ...entity, fields: entity.body === null ? {} : unwrap(decodeBody(entity.body)).fields };
}

function unwrap<V>(result: Result<V, unknown>): V {
  if (result.ok) return result.value;
  throw new Error(`The server answered ${JSON.stringify(result.error)}`);
}
