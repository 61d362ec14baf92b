/** A conflict as the person meets it: which side is theirs, and what the two make together. */

import { diffLines } from 'diff';
import type { EntityView } from '#app/views.ts';
import type { DeviceId } from '#core/ids.ts';
import type { Json } from '#core/json.ts';
import { mergeText } from '#core/merge/text.ts';

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

export const otherSide = (side: Side): Side => (side === 'mine' ? 'theirs' : 'mine');

/**
 * Both texts in one, to go on from: merged where they can be, and where they overlap one after the other, the first one's
 * lines above. Nothing of either is missing.
 */
export function textTogether(base: Json, first: string, second: string): string {
  if (first === second) return first;
  if (typeof base === 'string') {
    const { text, overlaps } = mergeText({ base, older: second, newer: first });
    if (overlaps.length === 0) return text;
  }
  const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
  const together = diffLines(ended(first), ended(second)).map(({ value }) => value);
  const text = together.join('');
  return first.endsWith('\n') || second.endsWith('\n') ? text : text.slice(0, -1);
}
