import type { Fields } from '#core/entity.ts';
import type { Json } from '#core/json.ts';
import type { MergeOutcome } from '#core/merge/merge.ts';
import type { StoreContext } from '#store/schema/context.ts';

/** The fields of one merge-log entry. */
export function mergeLogFields(
  context: Pick<StoreContext, 'clock' | 'deviceId'>,
  kind: string,
  id: string,
  theirsDevice: string,
  outcomes: readonly MergeOutcome[],
): Fields {
  return {
    entityKind: kind,
    entityId: id,
    at: context.clock.now(),
    device: context.deviceId,
    theirsDevice,
    outcomes: outcomes as unknown as Json,
  };
}
