/** The wire between a device's sync and a server in the same process: the server's own calls, without HTTP. */
import type { Transport } from '#core/ports.ts';
import type { PullRequest } from '#core/protocol.ts';
import { ok } from '#core/result.ts';
import type { IncomingPush } from '#server/api/push.ts';
import type { ServerWorld } from './server-world.ts';

/** `worldOf` gives the server as it is at each request: it may be restored from a copy in between. */
export function transportTo(worldOf: () => ServerWorld, deviceId: string): Transport {
  return {
    async request({ path, body, onSent }) {
      onSent?.();
      const { api, accountId } = worldOf();
      const rest = path.split(`/api/a/`)[1]?.split('/').slice(1) ?? [];
      const [name, kind = '', id = ''] = rest;
      const asked = structuredClone(body) as never;
      const answer = await (name === 'push'
        ? api.push(accountId, deviceId, asked as IncomingPush)
        : name === 'pull'
          ? api.pull(accountId, asked as PullRequest)
          : name === 'manifest'
            ? api.manifest(accountId, asked)
            : api.history(accountId, kind, id));
      const [status, json] = answer.ok ? [200, answer.value] : [answer.error.status, answer.error.error];
      return ok({ status, json: JSON.parse(JSON.stringify(json)) as unknown, retryAfterMs: null });
    },
  };
}
