/** What is quickly said and done about the open workspace and the accounts of this browser: `WorkspaceCalls`. */
import { ok } from '#core/result.ts';
import type { BringRunner } from '#store/accounts/bring-runner.ts';
import { decideStart, forgetRecovered, isUndecided } from '#store/accounts/marker.ts';
import type { Registry } from '#store/accounts/registry.ts';
import { announce, asCounters, COUNTERS, MARKER } from '#store/schema/context.ts';
import type { Workspace } from '#store/workspace.ts';
import type { WorkspaceCalls } from './worker-api.ts';

/** The open workspace, and the registry that it came from. */
export interface ActiveWorkspace extends Workspace {
  readonly registry: Registry;
  readonly memory: boolean;
}

/** Copies work into another account; null until this worker has been asked to. */
export interface BringSlot {
  runner: BringRunner | null;
}

export interface WorkspaceCallsOptions {
  readonly active: ActiveWorkspace;
  readonly bring: BringSlot;
  /** Notifies every tab that another account is open, or that work on its way there has moved on. */
  readonly notifyTabs: () => void;
}

/** The calls over one open workspace. */
export function createWorkspaceCalls({ active, bring, notifyTabs }: WorkspaceCallsOptions): WorkspaceCalls {
  const { registry, row, kv } = active;
  /** Other tabs look again after a change to the registry, whether or not it succeeded. */
  const announced = async <R>(work: Promise<R>): Promise<R> => {
    const result = await work;
    notifyTabs();
    return result;
  };
  return {
    async workspace() {
      const found = await registry.get(row.id);
      return found.ok ? ok(found.value ?? row) : found;
    },
    updateWorkspace: (patch) => registry.update(row.id, patch),
    forgetRecovered: () => forgetRecovered(kv),
    async isUndecided() {
      const found = await kv.read({ marker: MARKER });
      return found.ok ? ok(isUndecided(found.value.marker)) : found;
    },
    async decideStart() {
      const decided = await decideStart(kv);
      const now = decided.ok ? await kv.read({ state: COUNTERS }) : decided;
      if (!now.ok) return now;
      // Whoever asks whether this device syncs asks again.
      const { localSeq } = asCounters(now.value.state);
      announce(active.context, { after: localSeq, localSeq, keys: [['device-settings', row.deviceId]] });
      return ok(undefined);
    },
    async accountState() {
      const state = await registry.state();
      if (!state.ok) return state;
      const { activeId, rows, brings } = state.value;
      const open = rows.find(({ id }) => id === activeId) ?? row;
      const copying = brings.find((one) => one.state === 'copying');
      return ok({
        hasWork: brings.some(({ state: how, into }) => how === 'copying' || into === open.id),
        isResumed: bring.runner !== null,
        workspaceId: open.id,
        deviceId: open.deviceId,
        isBrought: brings.some(({ from, into, state: how }) => how === 'following' && from === row.id && into === open.id),
        bringing: copying
          ? {
              from: copying.from,
              done: copying.done,
              total: copying.total,
              problem: bring.runner?.problem(copying.from) ?? null,
            }
          : null,
      });
    },
    switchAccount: (workspaceId) => announced(registry.open(workspaceId)),
    startOver: () => announced(registry.leave(row.id, { deviceName: row.deviceName })),
    stopBringing: (from) => announced(registry.stopBring(from)),
  };
}
