import type { SyncError } from '#core/errors.ts';
import type { AccountId } from '#core/ids.ts';
import { paths } from '#core/paths.ts';
import type { Transport } from '#core/ports.ts';
import { type Op, type PushAnswer, type PushResult, pushAnswerSchema } from '#core/protocol.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import type { Result } from '#core/result.ts';
import { call } from './request.ts';

/** Pushes what a restored server has lost. The device says nothing of what it has seen: its past is not this server's. */
export function pushLost(transport: Transport, accountId: AccountId, ops: readonly Op[]): Promise<Result<PushAnswer, SyncError>> {
  const body = { protocol: PROTOCOL, epoch: null, seen: null, ops };
  return call(transport, { method: 'POST', path: paths.push(accountId), body }, pushAnswerSchema);
}

/** The account has no room for it. */
export const isOverQuota = (result: PushResult): boolean => result.type === 'rejected' && result.reason === 'over-quota';
