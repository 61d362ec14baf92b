import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import {
  deleteAccountRequestSchema,
  deviceListSchema,
  deviceNameRequestSchema,
  doneAnswerSchema,
  enterAnswerSchema,
  enterRequestSchema,
  loginAnswerSchema,
  loginRequestSchema,
  passwordRequestSchema,
} from '#core/account-protocol.ts';
import { backupListSchema, keepBackupRequestSchema } from '#core/backup-protocol.ts';
import { missingBlobsAnswerSchema, missingBlobsRequestSchema } from '#core/blob-protocol.ts';
import { paths } from '#core/paths.ts';
import {
  errorAnswerSchema,
  historyAnswerSchema,
  manifestAnswerSchema,
  manifestRequestSchema,
  opSchema,
  pullAnswerSchema,
  pullRequestSchema,
  pushAnswerSchema,
  pushRequestSchema,
} from '#core/protocol.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';

export interface Operation {
  readonly method: 'get' | 'post' | 'delete' | 'head' | 'put';
  readonly path: string;
  readonly summary: string;
  readonly request?: v.GenericSchema | 'bytes';
  /** A schema where the answer is JSON. Default: nothing. */
  readonly answer?: v.GenericSchema | 'events' | 'bytes';
  /** Names of what may be in the query, all of them numbers. */
  readonly query?: readonly string[];
  /** The status of an answer that is no refusal. Default: 200. */
  readonly status?: number;
  /** What may be refused besides 400, 403, 429 and 5xx. */
  readonly refusals: readonly number[];
  /** Asks for the device's cookie. */
  readonly device: boolean;
}

const account = '{accountId}';

/** Every call of the API, in the words of its users. */
export const operations: readonly Operation[] = [
  {
    method: 'post',
    path: paths.enter,
    summary: 'Creates an account or joins it with its key, registers this device and sets its cookie. Safe to repeat.',
    request: enterRequestSchema,
    answer: enterAnswerSchema,
    refusals: [426],
    device: false,
  },
  {
    method: 'post',
    path: paths.login,
    summary: "Signs a device in by name and password, sets its cookie and gives the account's wrapped key.",
    request: loginRequestSchema,
    answer: loginAnswerSchema,
    refusals: [426],
    device: false,
  },
  {
    method: 'post',
    path: paths.push(account),
    summary: 'Takes up to 500 ops. Each is applied, overtaken by another version (a conflict), or rejected, by itself.',
    request: pushRequestSchema,
    answer: pushAnswerSchema,
    refusals: [401, 409, 413, 415, 426, 507],
    device: true,
  },
  {
    method: 'post',
    path: paths.pull(account),
    summary: 'Gives the latest state of entities after a cursor, before one (newest first), or by key, in one snapshot.',
    request: pullRequestSchema,
    answer: pullAnswerSchema,
    refusals: [401, 409, 415, 426],
    device: true,
  },
  {
    method: 'post',
    path: paths.manifest(account),
    summary:
      'Lists what the account holds, by key, without bodies; the first page carries a digest of it all. Also a GET, ' +
      'with ?protocol=1&limit=1000&after=kind/id.',
    request: manifestRequestSchema,
    answer: manifestAnswerSchema,
    refusals: [401, 415, 426],
    device: true,
  },
  {
    method: 'get',
    path: paths.history(account, '{kind}', '{id}'),
    summary: 'Gives the kept versions of one entity, newest first.',
    answer: historyAnswerSchema,
    refusals: [401],
    device: true,
  },
  {
    method: 'get',
    path: paths.events(account),
    summary: 'A stream of server-sent events: poke {"seq"} when there is something to pull, heartbeat every 20 seconds.',
    answer: 'events',
    refusals: [401],
    device: true,
  },
  {
    method: 'head',
    path: paths.blob(account, '{hash}'),
    summary:
      'Says how many bytes of a blob are there (Upload-Offset), of how many (Upload-Length). It is whole where both are equal.',
    refusals: [401, 404],
    device: true,
  },
  {
    method: 'put',
    path: paths.blob(account, '{hash}'),
    summary:
      'Adds a part of 8 MB at most at `offset`, as bytes, to a blob of `size` bytes. 409 says by Upload-Offset where it goes on; without it the server is removing the blob. With ' +
      'the last part the hash is verified: 422 where it is another one, and the parts were dropped. With `body=1` it is the body of ' +
      'an op, and is removed soon after no kept version names it; with `backup=1` it is sent for a backup, and counts for those.',
    query: ['offset', 'size'],
    request: 'bytes',
    status: 204,
    refusals: [401, 404, 409, 413, 415, 422, 507],
    device: true,
  },
  {
    method: 'get',
    path: paths.blob(account, '{hash}'),
    summary: 'Gives the bytes of a blob that is whole, or a range of them, as a file to be saved.',
    answer: 'bytes',
    refusals: [401, 404, 416],
    device: true,
  },
  {
    method: 'post',
    path: paths.missingBlobs(account),
    summary: 'Tells which of up to 1,000 blobs the account lacks.',
    request: missingBlobsRequestSchema,
    answer: missingBlobsAnswerSchema,
    refusals: [401, 413, 415, 426],
    device: true,
  },
  {
    method: 'post',
    path: paths.password(account),
    summary: "Sets or replaces the account's name and password.",
    request: passwordRequestSchema,
    answer: doneAnswerSchema,
    refusals: [401, 409, 415, 426],
    device: true,
  },
  {
    method: 'get',
    path: paths.backups(account),
    summary: "Lists the account's backups that this server keeps, and what they take.",
    answer: backupListSchema,
    refusals: [401],
    device: true,
  },
  {
    method: 'post',
    path: paths.backup(account, '{id}'),
    summary:
      'Keeps a backup: a manifest and what it names, all of them blobs of the account, sent before with `backup=1`. Kept only where nothing is `missing`. ' +
      'Safe to repeat; 409 where another backup has the id.',
    request: keepBackupRequestSchema,
    answer: missingBlobsAnswerSchema,
    refusals: [401, 404, 409, 413, 415, 426, 507],
    device: true,
  },
  {
    method: 'delete',
    path: paths.backup(account, '{id}'),
    summary: 'Removes a backup. What nothing else names goes a day later.',
    answer: doneAnswerSchema,
    refusals: [401, 404],
    device: true,
  },
  {
    method: 'post',
    path: paths.deleteAccount(account),
    summary:
      'Deletes the account permanently, for who shows its key or its password. Every device of it is refused from then on (403, `account-deleted`), and nobody makes it again.',
    request: deleteAccountRequestSchema,
    answer: doneAnswerSchema,
    refusals: [401, 415, 426],
    device: true,
  },
  {
    method: 'get',
    path: paths.devices(account),
    summary: 'Lists the devices that can reach the account.',
    answer: deviceListSchema,
    refusals: [401],
    device: true,
  },
  {
    method: 'post',
    path: paths.device(account, '{deviceId}'),
    summary: 'Gives the device that asks another name.',
    request: deviceNameRequestSchema,
    answer: doneAnswerSchema,
    refusals: [401, 403, 404, 415, 426],
    device: true,
  },
  {
    method: 'delete',
    path: paths.device(account, '{deviceId}'),
    summary: 'Signs a device out permanently.',
    answer: doneAnswerSchema,
    refusals: [401, 404],
    device: true,
  },
];

/** `v.check` has no counterpart in JSON Schema; its pattern is said in words beside the schema. */
const jsonSchema = (schema: v.GenericSchema) => toJsonSchema(schema, { errorMode: 'ignore' });

/** The API as an OpenAPI 3.1 document, made from the very schemas that check the requests. */
export function openApiDocument(): object {
  const byPath: { [path: string]: { [method: string]: object } } = {};
  for (const operation of operations)
    byPath[operation.path] = { ...byPath[operation.path], [operation.method]: toOpenApi(operation) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Holdfast',
      version: String(PROTOCOL),
      description: 'Sync of a study workspace. The server is kind-blind: it compares versions and appends; clients merge.',
    },
    paths: byPath,
    components: {
      schemas: { Op: jsonSchema(opSchema), Error: jsonSchema(errorAnswerSchema) },
      securitySchemes: { device: { type: 'apiKey', in: 'cookie', name: 'holdfast_device' } },
    },
  };
}

function contentOf(what: v.GenericSchema | 'events' | 'bytes'): object {
  if (what === 'events') return { 'text/event-stream': {} };
  if (what === 'bytes') return { 'application/octet-stream': {} };
  return { 'application/json': { schema: jsonSchema(what) } };
}

function toOpenApi({ path, summary, query = [], request, answer, status = 200, refusals, device }: Operation): object {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const error = { description: 'Refused', content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } };
  const inQuery = query.map((name) => ({ name, in: 'query', required: true, schema: { type: 'integer' } }));
  return {
    summary,
    parameters: [...inPath, ...inQuery],
    ...(request && { requestBody: { required: true, content: contentOf(request) } }),
    responses: {
      [status]: { description: 'Done', ...(answer && { content: contentOf(answer) }) },
      ...Object.fromEntries([400, 403, ...refusals, 429].map((status) => [status, error])),
    },
    ...(device && { security: [{ device: [] }] }),
  };
}
