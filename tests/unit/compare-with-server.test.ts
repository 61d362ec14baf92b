/** *Check my data* against a server whose manifest comes in pages, and against one whose pages never end. */
import { describe, expect, test } from 'vitest';
import { compareWithServer } from '#app/status/compare-with-server.ts';
import { hashText } from '#core/hash.ts';
import type { Transport } from '#core/ports.ts';
import type { ManifestAnswer, ManifestEntry, ManifestRequest } from '#core/protocol.ts';
import { ok } from '#core/result.ts';
import { mint, must } from '#support/memory-workspace.ts';
import { createAccountApi } from '#sync/account-api.ts';

const IDS = Array.from({ length: 5 }, mint).sort();
const VERSION = mint();
/** Far more than the pages that there are. */
const PATIENCE = 50;

type Page = Pick<ManifestAnswer, 'entries' | 'more'>;

const entryOf = (id: string, seq: number): ManifestEntry => {
  return { kind: 'note', id, version: VERSION, hash: hashText(''), seq, deleted: false, lineage: [] };
};
const entries = IDS.map(entryOf);

/** A server that answers with what `give` says follows `after`, and how often it was asked. */
function openServer(give: (after: ManifestRequest['after'], asked: number) => Page) {
  const epoch = mint();
  let asked = 0;
  const request: Transport['request'] = async ({ body }) => {
    asked++;
    if (asked > PATIENCE) throw new Error('asked without end');
    const page = give((body as ManifestRequest).after, asked);
    const position = { epoch, seen: null, now: 0 };
    return ok({ status: 200, json: { ...position, seq: 9, count: IDS.length, digest: null, ...page }, retryAfterMs: null });
  };
  return { transport: { request }, asked: () => asked };
}

const compare = (transport: Transport) => {
  const versions = IDS.map((id) => ({ kind: 'note', id, version: VERSION, deleted: false, pending: false }));
  const client = { versions: async () => ok({ versions, next: null }) };
  const options = { signal: new AbortController().signal, onProgress: () => {} };
  return compareWithServer({ client, api: createAccountApi(transport), accountId: mint(), cursor: 9 }, options);
};

describe('a check of the data', () => {
  test('reads every page of the manifest once', async () => {
    const server = openServer((after) => {
      const at = after ? IDS.indexOf(after[1]) + 1 : 0;
      return { entries: entries.slice(at, at + 2), more: at + 2 < IDS.length };
    });
    expect(must(await compare(server.transport))).toMatchObject([{ kind: 'note', here: 5, there: 5, differing: 0 }]);
    expect(server.asked()).toBe(3);
  });

  test.each<[string, (asked: number) => Page]>([
    ['the same page', () => ({ entries: entries.slice(0, 2), more: true })],
    ['two pages by turns', (asked) => ({ entries: asked % 2 ? entries.slice(0, 2) : entries.slice(2), more: true })],
    ['an empty page', () => ({ entries: [], more: true })],
  ])('ends with an error where the server gives %s again and again', async (_name, give) => {
    const server = openServer((_after, asked) => give(asked));
    expect(await compare(server.transport)).toMatchObject({
      ok: false,
      error: { type: 'Network', reason: 'a manifest that does not move on' },
    });
    expect(server.asked()).toBeLessThanOrEqual(3);
  });
});
