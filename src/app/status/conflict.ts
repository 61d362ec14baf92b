/** A conflict as the person meets it, and which side is theirs. */

import type { EntityView } from '#app/views.ts';
import type { DeviceId } from '#core/ids.ts';
import type { Json } from '#core/json.ts';

export type Side = 'mine' | 'theirs';
export type Resolution = Side | 'edited';

export interface Conflict {
  /** The conflict's own id. */
  readonly id: string;
  readonly entityKind: string;
  readonly entityId: string;
  readonly field: string;
  readonly at: number;
  readonly base: Json;
  readonly values: { readonly [S in Side]: Json };
  readonly devices: { readonly [S in Side]: string };
  readonly isOpen: boolean;
}

/** A conflict's fields, by side. */
export function parseConflict({ id, fields }: EntityView<'conflict'>): Conflict {
  const { entityKind, entityId, field, at, base, mine, theirs, mineDevice, theirsDevice, resolution } = fields;
  return {
    id,
    entityKind,
    entityId,
    field,
    at,
    base,
    values: { mine, theirs },
    devices: { mine: mineDevice, theirs: theirsDevice },
    isOpen: resolution === 'open',
  };
}

/**
 * The side that this device wrote. A conflict calls *mine* what the device that merged had; seen from the other one, the
 * sides are the other way round. A third device sees them as they were written down.
 */
export function sideOfDevice({ devices }: Conflict, deviceId: DeviceId): Side {
  return devices.theirs === deviceId && devices.mine !== deviceId ? 'theirs' : 'mine';
}

/** Whether this device wrote one of the sides. */
export const isOfDevice = ({ devices }: Conflict, deviceId: DeviceId): boolean =>
  devices.mine === deviceId || devices.theirs === deviceId;

export const otherSide = (side: Side): Side => (side === 'mine' ? 'theirs' : 'mine');
