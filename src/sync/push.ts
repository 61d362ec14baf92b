import type { SyncError } from '#core/errors.ts';
import type { AccountId } from '#core/ids.ts';
import { paths } from '#core/paths.ts';
import { type Op, type PushAnswer, type PushRequest, pushAnswerSchema } from '#core/protocol.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { ok, type Result } from '#core/result.ts';
import type { Wire } from './large-bodies.ts';
import { call } from './request.ts';

/** One push. Large bodies go ahead, and are all there when it answers. `onSent` is as in `TransportRequest`. */
export async function pushOps(
  wire: Wire,
  accountId: AccountId,
  { ops, ...envelope }: Pick<PushRequest, 'epoch' | 'seen'> & { readonly ops: readonly Op[] },
  onSent?: () => void,
): Promise<Result<PushAnswer, SyncError>> {
  const { bodies } = wire;
  const travelling = bodies ? await bodies.send(ops) : ok(ops);
  if (!travelling.ok) return travelling;
  const body = { protocol: PROTOCOL, ...envelope, ops: travelling.value };
  const request = { method: 'POST', path: paths.push(accountId), body, ...(onSent && { onSent }) } as const;
  const answer = await call(wire, request, pushAnswerSchema);
  if (!answer.ok || !bodies) return answer;
  const sentAgain = await bodies.sendLost(ops, answer.value.results);
  return sentAgain.ok ? answer : sentAgain;
}
