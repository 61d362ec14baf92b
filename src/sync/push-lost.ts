import type { SyncError } from '#core/errors.ts';
import type { AccountId } from '#core/ids.ts';
import type { Op, PushAnswer, PushResult } from '#core/protocol.ts';
import type { Result } from '#core/result.ts';
import type { Wire } from './large-bodies.ts';
import { pushOps } from './push.ts';

/** Pushes what a restored server has lost. The device says nothing of what it has seen: its past is not this server's. */
export const pushLost = (wire: Wire, accountId: AccountId, ops: readonly Op[]): Promise<Result<PushAnswer, SyncError>> =>
  pushOps(wire, accountId, { epoch: null, seen: null, ops });

/** The account has no room for it. */
export const isOverQuota = (result: PushResult): boolean => result.type === 'rejected' && result.reason === 'over-quota';
