/** Runs what the registry says is on its way from one workspace into another, in one context of this browser at a time. */
import type { KvError } from '#core/errors.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { BringRow, WorkspaceRow } from '#store/schema/registry-schema.ts';
import type { Workspace, WorldPorts } from '#store/workspace.ts';
import { bringAlong } from './bring-along.ts';
import { createCarrier } from './bring-blobs.ts';
import { createFilesRunner, type OpenFormer } from './bring-files-runner.ts';
import type { Registry } from './registry.ts';
import { createTurn } from './turn.ts';
import { withWorkspace } from './with-workspace.ts';

/** Held by the context that copies: it goes on in another one as soon as that is gone. */
const BRING_LOCK = 'holdfast-bring';
/** News of the progress come at most this often. */
const NEWS_MS = 250;

export interface BringRunner {
  /** Goes on with whatever is on its way, in the background; where another context does so, when that is gone. */
  resume(): void;
  /** Why the last try did not get to its end, by the workspace that it brings from. */
  problem(from: string): KvError | null;
}

/** `onNews` is called after each step that a person may see. */
export function createBringRunner(
  ports: WorldPorts,
  registry: Registry,
  openFormer: OpenFormer,
  onNews: () => void,
): BringRunner {
  const problems = new Map<string, KvError>();
  const files = createFilesRunner(ports, registry, openFormer, onNews);

  const run = async (): Promise<void> => {
    const state = await registry.state();
    if (!state.ok) return;
    const { activeId, rows, brings } = state.value;
    for (const bring of brings) {
      if (bring.state === 'following' && bring.into !== activeId) continue;
      const done = await runBring(ports, registry, rows, bring, onNews);
      if (done.ok) problems.delete(bring.from);
      else problems.set(bring.from, done.error);
      onNews();
    }
    // Words do not wait for files.
    files.resume();
  };

  return { resume: createTurn(ports.locks, BRING_LOCK, run), problem: (from) => problems.get(from) ?? null };
}

async function runBring(
  ports: WorldPorts,
  registry: Registry,
  rows: readonly WorkspaceRow[],
  bring: BringRow,
  onNews: () => void,
): Promise<Result<void, KvError>> {
  const [fromRow, intoRow] = [bring.from, bring.into].map((id) => rows.find((row) => row.id === id));
  if (!fromRow || !intoRow) return err({ type: 'StorageFailed', reason: 'an account on its way is not in this browser' });
  const carry = async (from: Workspace): Promise<Result<void, KvError>> => {
    // What closed tabs left comes along; what living tabs still hold comes when they have saved it.
    const replayed = await from.replayJournal();
    if (!replayed.ok) return replayed;
    const head = await from.store.summary();
    if (!head.ok) return err({ type: 'ConnectionLost', reason: head.error.type });
    if (bring.state === 'following' && head.value.localSeq === bring.seq) return ok(undefined);
    return withWorkspace(ports, intoRow, async (into) => {
      let saidAt = Number.NEGATIVE_INFINITY;
      const outcome = await bringAlong(
        {
          from: { kv: from.kv, row: fromRow },
          into: into.context,
          carryBlobs: await createCarrier(ports, from, into),
          async keep({ total, ...position }) {
            const kept = await registry.moveBring(bring.from, { ...position, total });
            if (ports.clock.now() - saidAt >= NEWS_MS) {
              saidAt = ports.clock.now();
              onNews();
            }
            return kept;
          },
        },
        bring,
      );
      if (!outcome.ok) return outcome;
      return outcome.value.type === 'done' ? registry.finishBring(bring.from, outcome.value.seq) : ok(undefined);
    });
  };
  return withWorkspace(ports, fromRow, carry);
}
