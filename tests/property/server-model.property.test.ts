/**
 * The server against a model of twenty lines: any sequence of pushes, repeated ones included, is answered as the model says.
 * Invariant 3.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashText } from '#core/hash.ts';
import { manifestBuckets } from '#core/manifest-digest.ts';
import type { Op, PushResult } from '#core/protocol.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { runs } from '#support/property-runs.ts';
import { createServerWorld, expectOk, makeOp, newId } from '#support/server-world.ts';

interface ModelEntity {
  /** Versions from the first to the current one. */
  readonly versions: Op[];
}

/** What the protocol promises, said as plainly as possible. */
function createModel() {
  const entities = new Map<string, ModelEntity>();
  const applied = new Map<string, { readonly op: Op; readonly rev: number; readonly seq: number }>();
  return {
    entities,
    applied,
    push(op: Op): object {
      const { opId } = op;
      const before = applied.get(opId);
      if (before) {
        const same =
          before.op.hash === op.hash && before.op.id === op.id && before.op.kind === op.kind && before.op.deleted === op.deleted;
        return same
          ? { type: 'applied', opId, rev: before.rev, seq: before.seq }
          : { type: 'rejected', opId, reason: 'op-reused' };
      }
      const versions = entities.get(op.id)?.versions ?? [];
      if ((versions.at(-1)?.opId ?? null) !== op.base) return { type: 'conflict', opId };
      entities.set(op.id, { versions: [...versions, op] });
      const result = { op, rev: versions.length + 1, seq: applied.size + 1 };
      applied.set(opId, result);
      return { type: 'applied', opId, rev: result.rev, seq: result.seq };
    },
  };
}

/** One op, described: on which entity, on which of its versions, new or an earlier one again, deleting or not. */
const step = fc.record({
  entity: fc.integer({ min: 0, max: 2 }),
  base: fc.constantFrom('current', 'current', 'current', 'none', 'older', 'unknown'),
  repeat: fc.constantFrom('no', 'no', 'no', 'same', 'altered'),
  body: fc.oneof(fc.constant(null), fc.string({ unit: 'grapheme', maxLength: 20 })),
  pick: fc.nat(),
});

test('any pushes are answered as the model says, and leave what it holds', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { maxLength: 8 }), { minLength: 1, maxLength: 12 }), async (pushes) => {
      const world = await createServerWorld();
      const model = createModel();
      const ids = [newId(), newId(), newId()];
      const sent: Op[] = [];

      for (const steps of pushes) {
        const expected: object[] = [];
        const ops = steps.map(({ entity, base, repeat, body, pick }): Op => {
          const earlier = sent[pick % Math.max(1, sent.length)];
          if (earlier && repeat === 'same') return earlier;
          if (earlier && repeat === 'altered') return { ...earlier, body: 'altered', deleted: false, hash: hashText('altered') };
          const id = ids[entity] ?? '';
          const versions = model.entities.get(id)?.versions ?? [];
          const bases = {
            current: versions.at(-1)?.opId ?? null,
            none: null,
            older: versions.at(-2)?.opId ?? null,
            unknown: newId(),
          };
          return makeOp({ id, base: bases[base], body });
        });
        for (const op of ops) expected.push(model.push(op));
        sent.push(...ops);
        const answer = expectOk(await world.api.push(world.accountId, world.deviceId, { epoch: null, seen: null, ops }));
        expect(answer.results).toMatchObject(expected);
        expect(answer.seen?.seq ?? 0).toBe(model.applied.size);
        checkConflicts(answer.results, model.entities);
      }

      const changes = expectOk(
        await world.api.pull(world.accountId, {
          protocol: PROTOCOL,
          epoch: null,
          seen: null,
          cursor: 0,
          limit: 100,
          maxBytes: 1e6,
        }),
      ).changes;
      const currents = [...model.entities.values()].map(({ versions }) => versions.at(-1)?.opId);
      expect(changes.map((change) => change.version).sort()).toEqual(currents.sort());
      const manifest = expectOk(await world.api.manifest(world.accountId, { after: null, limit: 100 }));
      expect(manifest.count).toBe(model.entities.size);
      expect(manifest.buckets).toEqual(manifestBuckets(manifest.entries, hashText));
      expect(manifest.entries.map(({ id, version }) => [id, version])).toEqual(
        [...model.entities]
          .map(([id, { versions }]) => [id, versions.at(-1)?.opId])
          .sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
      );
      for (const [id, { versions }] of model.entities) {
        const history = expectOk(await world.api.history(world.accountId, 'note', id)).versions;
        expect(history.map(({ version, body }) => [version, body])).toEqual(
          versions
            .map((op) => [op.opId, op.body])
            .reverse()
            .slice(0, 20),
        );
      }
      await world.storage.close();
    }),
    { numRuns: runs(100) },
  );
});

/** A conflict shows the version that is current when the push has committed, with its ancestors. */
function checkConflicts(results: readonly PushResult[], entities: ReadonlyMap<string, ModelEntity>): void {
  for (const result of results) {
    if (result.type !== 'conflict' || !result.current) continue;
    const versions = entities.get(result.current.id)?.versions ?? [];
    expect(result.current.version).toBe(versions.at(-1)?.opId);
    expect(result.lineage).toEqual(versions.slice(-21, -1).map((op) => op.opId));
  }
}
