/**
 * Everything that a server, or whatever is in front of it, can answer instead of the right thing. Each time: what was
 * written stays, the status bar says what is going on, and once the fault is gone every change has had exactly one
 * effect on the server.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test';
import type { SyncState } from '#app/app.ts';
import type { PushRequest } from '#core/protocol.ts';
import { EDIT_PACE_MS } from '#store/draft/draft.ts';
import { type ApiClient, enterAsDevice } from '#support/api-client.ts';
import {
  expectOpenNote,
  expectSaveState,
  expectSyncState,
  holdSync,
  type NoteContent,
  openApp,
  readAccountKeys,
  statusBar,
  waitForServiceWorker,
  writeNote,
} from '#support/app-page.ts';
import { launchPersistent } from '#support/browser.ts';
import { type Fault, type FaultCondition, type FaultProxy, startFaultProxy } from '#support/fault-proxy.ts';
import { watchPages } from '#support/page-watch.ts';
import { startServer } from '#support/server-process.ts';

const PUSH = /^\/api\/a\/[^/]+\/push$/;
/** Tries again come after one, two, four seconds and so on (src/sync/backoff.ts). */
const ARRIVAL_MS = 25_000;

interface Scene {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly proxy: FaultProxy;
  readonly client: ApiClient;
  readonly problems: string[];
  /** Writes a note without network, and lets it meet the fault when the network is back. */
  meetFault(note: NoteContent, fault: Fault, condition?: FaultCondition): Promise<void>;
}

/** One browser and one server for all tests here: each writes a note of its own, and leaves no fault behind. */
const test = base.extend<object, { readonly scene: Scene }>({
  scene: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of needed fixtures from the pattern.
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'holdfast-e2e-'));
      // A megabyte of ASCII passes, as any push that the app makes of it; two bytes more a letter do not.
      const server = await startServer({ dataDir: join(folder, 'data'), env: { HOLDFAST_MAX_REQUEST_BYTES: '1100000' } });
      const proxy = await startFaultProxy(server.url);
      const { context } = await launchPersistent(join(folder, 'profile'), 'full', [], { baseURL: proxy.url });
      const problems: string[] = [];
      await watchPages(context, problems);
      const page = await openApp(context);
      await waitForServiceWorker(page);
      const first = { title: 'Before', text: 'Written while everything works.' };
      await writeNote(page, first);
      await expectSyncState(page, 'synced');
      const client = await enterAsDevice(server.url, await readAccountKeys(page));
      await expect.poll(() => readNote(client, first.title), { timeout: ARRIVAL_MS }).toMatchObject(first);
      await use({
        page,
        context,
        proxy,
        client,
        problems,
        async meetFault(note, fault, condition) {
          await context.setOffline(true);
          await writeNote(page, note);
          await expectSyncState(page, 'offline', 'waiting');
          proxy.setFault(fault, condition);
          await context.setOffline(false);
        },
      });
      await context.close();
      await proxy.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

test.beforeEach(({ scene }) => {
  scene.problems.length = 0;
});

test.afterEach(async ({ scene }) => {
  scene.proxy.mend();
  await scene.context.setOffline(false);
  expect(scene.problems, 'what pages did that no page may do').toEqual([]);
});

/** The one note of that title on the server; undefined before it has come. Throws where there are two. */
async function readNote(client: ApiClient, title: string) {
  const { notes } = await client.readState();
  const found = notes.filter(({ fields }) => fields.title === title);
  expect(found.length, `notes called ${title}`).toBeLessThanOrEqual(1);
  return found[0] && { title, text: found[0].fields.text };
}

/** The ids of all ops that ever left the browser, each once, with the entity that each is about. */
function sentOps({ requests }: FaultProxy): ReadonlyMap<string, string> {
  const pushes = requests.filter(({ path }) => PUSH.test(path));
  return new Map(pushes.flatMap(({ body }) => (body as PushRequest).ops.map(({ opId, id }) => [opId, id] as const)));
}

/** Waits for the note, then compares every op that ever left the browser with every version that the server holds. */
async function expectOneEffectEach({ page, proxy, client }: Scene, note: NoteContent): Promise<void> {
  await expect.poll(() => readNote(client, note.title), { timeout: ARRIVAL_MS }).toEqual(note);
  await expectSyncState(page, 'synced', 'Synced', ARRIVAL_MS);
  const { seq, entities } = await client.readState();
  const histories = await Promise.all(entities.map(({ kind, id }) => client.history(kind, id)));
  const versions = histories.flat().map(({ version }) => version);
  const sent = sentOps(proxy);
  expect(versions.sort(), 'each op that was ever sent is one version').toEqual([...sent.keys()].sort());
  expect(seq, 'nothing was counted twice').toBe(versions.length);
  for (const { id, rev } of entities) expect(rev).toBe([...sent.values()].filter((changed) => changed === id).length);
  await expectOpenNote(page, note);
  await expectSaveState(page, 'saved');
}

/** Waits of half a minute and more that begin from now on take a tenth in the service worker, until the answer is called. */
async function hurryLongTimers(context: BrowserContext): Promise<() => Promise<void>> {
  const [worker] = context.serviceWorkers();
  if (!worker) throw new Error('No service worker runs.');
  const inner = await worker.evaluateHandle(() => {
    const given = globalThis.setTimeout;
    const hurried = (fire: () => void, ms = 0): unknown => given(fire, ms >= 30_000 ? ms / 10 : ms);
    Object.assign(globalThis, { setTimeout: hurried });
    return given;
  });
  return () => inner.evaluate((given) => void Object.assign(globalThis, { setTimeout: given }));
}

const timesMet = (proxy: FaultProxy, outcome: number | Fault['type']): number =>
  proxy.requests.filter((request) => request.outcome === outcome).length;

const json = { 'content-type': 'application/json; charset=utf-8' };
const own = (status: number, type: string, headers: Readonly<Record<string, string>> = {}): Fault => {
  return {
    type: 'answer',
    status,
    body: JSON.stringify({ type, message: 'Said by the test.' }),
    headers: { ...json, ...headers },
  };
};
const foreign = (status: number, body: string): Fault => ({ type: 'answer', status, body });
const gateway = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>';
const portal = '<!doctype html><title>Welcome to the hotel</title><form action="/login">Room number</form>';

const faults: readonly {
  readonly name: string;
  readonly fault: Fault;
  readonly path?: RegExp;
  readonly state?: SyncState['type'];
  readonly says: string;
}[] = [
  { name: '500 to everything', fault: own(500, 'internal'), says: 'The server has a problem (500)' },
  { name: '500 to the push alone', fault: own(500, 'internal'), path: PUSH, says: 'The server has a problem (500)' },
  { name: '502 of a gateway', fault: foreign(502, gateway), says: 'The server has a problem (502)' },
  { name: 'HTML with 200, as a captive portal answers', fault: foreign(200, portal), says: 'The server cannot be reached' },
  { name: 'HTML with 200 to the push alone', fault: foreign(200, portal), path: PUSH, says: 'The server cannot be reached' },
  { name: "HTML with 401, a proxy's own login", fault: foreign(401, portal), says: 'The server cannot be reached' },
  {
    name: '401 that entering again does not heal',
    fault: own(401, 'unauthorized'),
    path: PUSH,
    state: 'signed-out',
    says: 'Sign in to sync',
  },
  { name: 'a reset connection', fault: { type: 'reset' }, path: PUSH, says: 'The server cannot be reached' },
  { name: 'an answer lost after the commit', fault: { type: 'lose-answer' }, path: PUSH, says: 'The server cannot be reached' },
];

for (const { name, fault, path, state = 'waiting', says } of faults) {
  test(name, async ({ scene }) => {
    const { page, proxy } = scene;
    const note = { title: name, text: 'One change,\none effect. 🌊' };
    const outcome = fault.type === 'answer' ? fault.status : fault.type;
    const before = timesMet(proxy, outcome);
    await scene.meetFault(note, fault, path && { path });
    await expect.poll(() => timesMet(proxy, outcome)).toBeGreaterThan(before);
    await expectSyncState(page, state, says);
    await expectSyncState(page, state, 'waiting');
    await expectSaveState(page, 'saved');
    proxy.mend();
    await expectOneEffectEach(scene, note);
  });
}

test('429 with Retry-After: not a request before its time', async ({ scene }) => {
  const { page, proxy } = scene;
  const note = { title: 'Patience', text: 'The server asked for six seconds.' };
  const seconds = 6;
  await scene.meetFault(note, own(429, 'rate-limited', { 'retry-after': String(seconds) }));
  await expectSyncState(page, 'waiting', 'The server asks for a pause');
  proxy.mend();
  await expectOneEffectEach(scene, note);
  const refused = proxy.requests.findIndex(({ outcome }) => outcome === 429);
  const since = proxy.requests.slice(refused).map(({ at }) => at - (proxy.requests[refused]?.at ?? 0));
  expect(since[1]).toBeGreaterThanOrEqual(seconds * 1000);
});

test('no answer at all: given up after half a minute, sent again, and writing goes on meanwhile', async ({ scene }) => {
  const { page, proxy, client } = scene;
  const note = { title: 'Silence', text: 'Nothing comes back.' };
  const meanwhile = { title: 'Meanwhile', text: 'Saved all the same.' };
  const slow = await hurryLongTimers(scene.context);
  await scene.meetFault(note, { type: 'hang' }, { path: PUSH });
  await expect.poll(() => timesMet(proxy, 'hang')).toBe(1);
  await slow();
  proxy.mend();
  await expectSyncState(page, 'syncing', 'Syncing…');
  await writeNote(page, meanwhile);
  await expectSyncState(page, 'syncing', 'Syncing…');
  await expect.poll(() => readNote(client, note.title), { timeout: 60_000 }).toMatchObject(note);
  const pushes = proxy.requests.filter(({ path }) => PUSH.test(path));
  const hung = pushes.findIndex(({ outcome }) => outcome === 'hang');
  // Half a minute by the service worker's clock (`hurryLongTimers`); `tests/unit/slow-way.test.ts` holds the half minute.
  expect((pushes[hung + 1]?.at ?? 0) - (pushes[hung]?.at ?? 0)).toBeGreaterThanOrEqual(3000);
  await expectOneEffectEach(scene, meanwhile);
});

test('401, the cookie gone: the device enters again by itself', async ({ scene }) => {
  const { page, proxy, context } = scene;
  const note = { title: 'Cookie', text: 'Nobody had to sign in.' };
  await context.setOffline(true);
  await writeNote(page, note);
  await context.clearCookies();
  const before = proxy.requests.length;
  await context.setOffline(false);
  await expectOneEffectEach(scene, note);
  const outcomes = proxy.requests
    .slice(before)
    .filter(({ path }) => !path.endsWith('/events'))
    .map(({ path, outcome }) => `${outcome} ${path.split('/').at(-1)}`);
  expect(outcomes[0]).toMatch(/^401 (push|pull)$/);
  expect(outcomes[1]).toBe('200 enter');
});

/** 240,000 quotation marks: the app counts two bytes for each, JSON within JSON makes four of them, 0.96 MB on the wire. */
const QUOTES = '"'.repeat(240_000);

for (const { name, fault } of [
  { name: "413 of the server's own limit: the push is sent in parts", fault: undefined },
  { name: '413 in HTML, from a gateway with a limit of its own: the same', fault: foreign(413, gateway) },
]) {
  test(name, async ({ scene }) => {
    const { page, proxy, client } = scene;
    const titles = [`${name} 1`, `${name} 2`];
    const before = timesMet(proxy, 413);
    // Nobody drains until both are due, so that they go out together.
    const release = await holdSync(page);
    for (const title of titles) await writeNote(page, { title, text: QUOTES });
    const writtenAt = Date.now();
    await expect.poll(() => Date.now() - writtenAt).toBeGreaterThan(EDIT_PACE_MS);
    if (fault) proxy.setFault(fault, { path: PUSH, overBytes: 1_100_000 });
    await release();
    for (const title of titles) {
      await expect.poll(async () => (await readNote(client, title))?.text === QUOTES, { timeout: ARRIVAL_MS }).toBe(true);
    }
    await expectSyncState(page, 'synced', 'Synced', ARRIVAL_MS);
    expect(timesMet(proxy, 413)).toBeGreaterThan(before);
  });
}

test('413 to a single note: it waits in quarantine, the others pass, "Try again" sends it', async ({ scene }) => {
  const { page, proxy, client } = scene;
  // What the gateway counts is compressed: letters at random stay large.
  const large = { title: 'Too large for the gateway', text: randomBytes(120_000).toString('base64') };
  const small = { title: 'Small', text: 'It passes.' };
  proxy.setFault(foreign(413, gateway), { path: PUSH, overBytes: 100_000 });
  await writeNote(page, large);
  await writeNote(page, small);
  await expectSyncState(page, 'stuck', 'The server refused 1 entry', ARRIVAL_MS);
  await expect.poll(() => readNote(client, small.title), { timeout: ARRIVAL_MS }).toEqual(small);
  // Its title may have gone out before the text was there.
  expect((await readNote(client, large.title))?.text).not.toBe(large.text);
  await expectSaveState(page, 'saved');

  proxy.mend();
  await statusBar(page).getByRole('button', { name: 'Try again' }).click();
  await expectSyncState(page, 'synced', 'Synced', ARRIVAL_MS);
  expect((await readNote(client, large.title))?.text).toBe(large.text);
});
