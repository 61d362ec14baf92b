/** The server listening on a port of its own, in this process, and a device that speaks to one over real HTTP. */
import { mkdtempSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnterRequest } from '#core/account-protocol.ts';
import { paths } from '#core/paths.ts';
import type { PullAnswer, PushAnswer } from '#core/protocol.ts';
import { type AppDeps, createApp } from '#server/app.ts';
import { createFileBlobs } from '#server/blobs/file-blobs.ts';
import { type HttpConfig, readConfig } from '#server/config.ts';
import type { SqliteStorage } from '#server/storage/sqlite.ts';
import { systemClock, systemRandom } from '#server/system.ts';
import { makeEnter, makePull, makePush, openTestStorage } from './server-world.ts';

export interface RunningApp {
  readonly url: string;
  readonly port: number;
  readonly storage: SqliteStorage;
  close(): Promise<void>;
}

interface AppOptions extends Partial<Omit<AppDeps, 'config' | 'storage'>> {
  readonly storage?: SqliteStorage;
  readonly config?: Partial<HttpConfig>;
}

/** As `npm start` would run it without any setting, but for an empty app folder and what the test changes. */
export async function startApp({ storage, config = {}, ...deps }: AppOptions = {}): Promise<RunningApp> {
  const initial = readConfig({ HOLDFAST_APP_DIR: mkdtempSync(join(tmpdir(), 'holdfast-app-')) }, () => 'unused');
  if (!initial.ok) throw new Error(initial.error.join(' '));
  const kept = storage ?? (await openTestStorage());
  const app = await createApp({
    clock: systemClock,
    random: systemRandom,
    ...deps,
    storage: kept,
    blobs: deps.blobs ?? createFileBlobs(mkdtempSync(join(tmpdir(), 'holdfast-blobs-'))),
    config: { ...initial.value, ...config },
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const address = app.server.address();
  if (!address || typeof address === 'string') throw new Error('not listening on a port');
  return {
    url: `http://localhost:${address.port}`,
    port: address.port,
    storage: kept,
    async close() {
      await app.close();
      await kept.close();
    },
  };
}

export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly json: T;
}

export interface TestDevice {
  readonly request: EnterRequest;
  readonly accountId: string;
  readonly deviceId: string;
  readonly cookie: string;
  fetch(path: string, init?: RequestInit): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
  push(ops: readonly unknown[], past?: object): Promise<Answer<PushAnswer>>;
  pull(request?: Parameters<typeof makePull>[0]): Promise<Answer<PullAnswer>>;
}

/** Enters an account over HTTP, a new one by default, and keeps the cookie as a browser would. Throws where it is refused. */
export async function enterDevice(url: string, change: Partial<EnterRequest> = {}): Promise<TestDevice> {
  const request = makeEnter(change);
  const entered = await postJson(url + paths.enter, request);
  if (entered.status !== 200) throw new Error(`enter: ${entered.status} ${JSON.stringify(entered.json)}`);
  const cookie = readCookie(entered.headers);
  const { accountId, deviceId } = request;
  const signed = (init: RequestInit = {}): RequestInit => ({ ...init, headers: { cookie, ...init.headers } });
  const post = (path: string, body: unknown) =>
    fetchJson(
      url + path,
      signed({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    );
  return {
    request,
    accountId,
    deviceId,
    cookie,
    fetch: (path, init) => fetchJson(url + path, signed(init)),
    post,
    push: (ops, past) => post(paths.push(accountId), makePush(ops, past)) as Promise<Answer<PushAnswer>>,
    pull: (pull = { cursor: 0 }) => post(paths.pull(accountId), makePull(pull)) as Promise<Answer<PullAnswer>>,
  };
}

export function readCookie(headers: Headers): string {
  return headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
}

export const postJson = (url: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  fetchJson(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });

/** `json` is undefined where the answer is none. */
export async function fetchJson(url: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(url, init);
  const text = await answer.text();
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status: answer.status, headers: answer.headers, json };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A request with exactly these headers and this path: `fetch` would set its own Host and tidy the path up. */
export function sendRaw(
  port: number,
  {
    method = 'GET',
    path,
    headers = {},
    body,
  }: { method?: string; path: string; headers?: Record<string, string>; body?: Buffer | string },
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString() });
      });
      answer.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}
