import type { KvError, StoreError } from '#core/errors.ts';
import type { Key } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import { mint, type StoreContext } from '#store/schema/context.ts';
import type { WorkspaceRow } from '#store/schema/registry-schema.ts';
import { type EntityRow, HIGH } from '#store/schema/schema.ts';
import type { Store } from '#store/store.ts';
import { namingFields } from './bring-row.ts';

const PAGE = 200;

/**
 * Moves what belongs to this device under the id that it has now: its layout, settings and unsent prompts, and what names
 * it. Every step is an ordinary save; repeated after a kill it does what is left.
 */
export async function adoptDeviceId(
  context: StoreContext,
  store: Pick<Store, 'save'>,
  { deviceId, formerDeviceIds = [] }: Pick<WorkspaceRow, 'deviceId' | 'formerDeviceIds'>,
): Promise<Result<void, StoreError>> {
  const { kv, ledger } = context;
  for (const declaration of ledger.values()) {
    const { kind } = declaration;
    if (declaration.scope === 'device') {
      const keys: Key[] = [deviceId, ...formerDeviceIds.toReversed()].map((id) => [kind, id]);
      const found = await kv.read({ rows: { getMany: 'entities', keys } });
      if (!found.ok) return found;
      const [own, ...former] = found.value.rows;
      const last = former.find((one) => one !== undefined);
      const missing = Object.entries(last?.fields ?? {}).filter(([field]) => own?.fields[field] === undefined);
      if (missing.length === 0) continue;
      const saveId = mint(context);
      const patch = Object.fromEntries(missing);
      const saved = await store.save({ kind, id: deviceId, patch, base: {}, baseSeq: own?.localSeq ?? 0, saveId });
      if (!saved.ok) return saved;
    }
    for (const field of namingFields(declaration)) {
      let after: Key = [kind];
      for (;;) {
        const page: Result<{ readonly rows: readonly EntityRow[] }, KvError> = await kv.read({
          rows: { list: 'entities', lower: after, lowerOpen: true, upper: [kind, HIGH], limit: PAGE },
        });
        if (!page.ok) return page;
        const last = page.value.rows.at(-1);
        if (!last) break;
        after = [kind, last.id];
        for (const { id, fields, localSeq } of page.value.rows) {
          const was = fields[field];
          if (!formerDeviceIds.some((former) => former === was)) continue;
          const saveId = mint(context);
          const patch = { [field]: deviceId };
          const saved = await store.save({ kind, id, patch, base: { [field]: was ?? null }, baseSeq: localSeq, saveId });
          if (!saved.ok) return saved;
        }
      }
    }
  }
  return ok(undefined);
}
