/** What must hold of everything that is said between devices and server. */
import type { Op, PushAnswer, PushResult } from '#core/protocol.ts';
import type { BytesTap } from './bytes-link.ts';
import type { WireTap } from './network.ts';
import { isSameBody } from './same-body.ts';
import type { Verdict } from './verdict.ts';

/** The answer of the server to one op, as it reached a device. */
export interface WireOracle extends Omit<WireTap, keyof BytesTap> {
  /** Whether an answer to this op has reached the device, in any life of the server. */
  isAnswered(device: string, opId: string): boolean;
  /** The body under which a version was pushed; undefined for one that no device ever pushed. */
  version(opId: string): Pick<Op, 'body' | 'deleted' | 'kind' | 'id'> | undefined;
  /** An op that was put back from a second copy may have been sent with a later body before. */
  noteRestored(opId: string): void;
  /** To know which workspace's account a device's ops belong to. */
  expectAccount(device: string, accountId: string): void;
}

/** What an id names. What it was built on may differ: a version is given back to a server that was put back on what that has. */
const textOf = ({ kind, id, v, deleted, body }: Op): string => JSON.stringify([kind, id, v, deleted, body]);

const isSame = (one: Op, other: Op): boolean =>
  textOf({ ...one, body: null }) === textOf({ ...other, body: null }) && isSameBody(one.body, other.body);

/** `life` counts the server's restores and wipes: an answer counts within one life only. */
export function createWireOracle(verdict: Verdict, life: () => number, isServerFull: () => boolean): WireOracle {
  const sent = new Map<string, Op>();
  const answered = new Set<string>();
  const applied = new Map<string, string>();
  const accounts = new Map<string, string>();

  const isPush = (path: string): boolean => path.endsWith('/push');
  const opsOf = (body: unknown): readonly Op[] => (body as { readonly ops: readonly Op[] }).ops;

  const restored = new Set<string>();

  const judgeResult = (device: string, result: PushResult): void => {
    if (result.type === 'rejected' && result.reason === 'op-reused' && restored.has(result.opId)) return;
    if (result.type === 'rejected' && !(result.reason === 'over-quota' && isServerFull())) {
      // Every op here is well-formed and small. A clock, however wrong, is no reason either.
      verdict.fail('invariant 9: nothing is rejected', `${device} ${result.opId}: ${result.reason}`);
    }
    const key = `${life()}/${result.opId}`;
    if (result.type !== 'applied') {
      if (applied.has(key))
        verdict.fail('invariant 3: an op applied again answers the same', `${result.opId} is now a ${result.type}`);
      return;
    }
    const text = JSON.stringify([result.rev, result.seq, result.acceptedAt]);
    const before = applied.get(key);
    if (before !== undefined && before !== text) {
      verdict.fail('invariant 3: an op applied again answers the same', `${result.opId}: ${before}, then ${text}`);
    }
    applied.set(key, text);
  };

  return {
    noteRestored: (opId) => void restored.add(opId),
    isAnswered: (device, opId) => answered.has(`${device}/${opId}`),
    version: (opId) => sent.get(opId),
    expectAccount(device, accountId) {
      accounts.set(device, accountId);
    },
    onRequest(device, request) {
      if (!isPush(request.path)) return;
      const account = accounts.get(device);
      if (account && !request.path.includes(`/${account}/`)) {
        verdict.fail('invariant 13: no op travels under another account', `${device}: ${request.path}`);
      }
      for (const op of opsOf(request.body)) {
        const before = sent.get(op.opId);
        if (before && !isSame(before, op) && !restored.has(op.opId)) {
          verdict.fail(
            'invariant 3: an opId never names two bodies',
            `${device} ${op.kind}/${op.id} ${textOf(before)} then ${textOf(op)}`,
          );
        }
        if (!before) sent.set(op.opId, op);
      }
    },
    onAnswer(device, request, { status, json }) {
      if (!isPush(request.path) || status !== 200) return;
      for (const result of (json as PushAnswer).results) judgeResult(device, result);
    },
    onArrival(device, request, { status, json }) {
      if (!isPush(request.path) || status !== 200) return;
      for (const { opId } of (json as PushAnswer).results) answered.add(`${device}/${opId}`);
    },
  };
}
