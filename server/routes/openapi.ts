import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import {
  deviceListSchema,
  doneAnswerSchema,
  enterAnswerSchema,
  enterRequestSchema,
  loginAnswerSchema,
  loginRequestSchema,
  passwordRequestSchema,
} from '#core/account-protocol.ts';
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
  readonly method: 'get' | 'post' | 'delete';
  readonly path: string;
  readonly summary: string;
  readonly request?: v.GenericSchema;
  /** Absent for the event stream. */
  readonly answer?: v.GenericSchema;
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
    refusals: [401],
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
    path: paths.devices(account),
    summary: 'Lists the devices that can reach the account.',
    answer: deviceListSchema,
    refusals: [401],
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

function toOpenApi({ path, summary, request, answer, refusals, device }: Operation): object {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const error = { description: 'Refused', content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } };
  const content = answer ? { 'application/json': { schema: jsonSchema(answer) } } : { 'text/event-stream': {} };
  return {
    summary,
    parameters: inPath,
    ...(request && { requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(request) } } } }),
    responses: {
      200: { description: 'Done', content },
      ...Object.fromEntries([400, 403, ...refusals, 429].map((status) => [status, error])),
    },
    ...(device && { security: [{ device: [] }] }),
  };
}
