/** What a device meets that comes back from a long time offline: pushes of 200 ops, on a database on disk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_PUSH_OPS } from '#core/protocol.ts';
import { createServerWorld, expectOk, makeOp, makePull, makePush, openTestStorage } from '#support/server-world.ts';
import { measure } from './measure.ts';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
const storage = await openTestStorage({ path: join(folder, 'holdfast.db') });
const { api, accountId, deviceId } = await createServerWorld({ storage });
const body = JSON.stringify({ fields: { title: 'A note', text: 'word '.repeat(300) }, stamps: {} });

const push = async (count: number): Promise<void> => {
  expectOk(await api.push(accountId, deviceId, makePush(Array.from({ length: count }, () => makeOp({ body })))));
};

await measure(`push of ${MAX_PUSH_OPS} ops of ${body.length} characters`, 20, () => push(MAX_PUSH_OPS));
await measure('push of one op', 50, () => push(1));
await measure('pull of 500 changes', 20, async () => expectOk(await api.pull(accountId, makePull({ cursor: 0, limit: 500 }))));

await storage.close();
rmSync(folder, { recursive: true });
