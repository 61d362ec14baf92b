import { rankStamp, type Stamp, ZERO_STAMP } from '#core/clock.ts';
import type { Body } from '#core/entity.ts';
import type { DeviceId } from '#core/ids.ts';
import { canonicalJson, type Json } from '#core/json.ts';
import { memberOf, orIfAbsent } from './collections.ts';

/** One side of a merge. */
export interface MergeSide {
  readonly body: Body;
  readonly deviceId: DeviceId;
  /** When the server took this side, or null where it has not yet. Used to rank stamps of devices with a wrong clock. */
  readonly acceptedAt: number | null;
}

/** One version of one field. `value` is undefined where the side has no such field, `view` is what it then reads as. */
export interface Version {
  readonly name: 'mine' | 'theirs';
  readonly value: Json | undefined;
  readonly view: Json | undefined;
  readonly stamp: Stamp | undefined;
}

/** When a field was written, if the body says so. */
export const stampOf = (body: Body, field: string): Stamp | undefined =>
  Object.hasOwn(body.stamps, field) ? body.stamps[field] : undefined;

/**
 * The two versions of a field, the one written earlier first. The same on every device, whichever side it calls mine: by
 * ranked stamp, then by device, and for two writes of one device with the same stamp by the values themselves.
 */
export function rankVersions(
  field: string,
  mine: MergeSide,
  theirs: MergeSide,
  initial: Json | undefined,
): readonly [older: Version, newer: Version] {
  const [left, right] = [rankOf(field, mine), rankOf(field, theirs)];
  const at = left.findIndex((part, index) => part !== right[index]);
  const mineIsNewer = at >= 0 && (left[at] as string) > (right[at] as string);
  const versions = [versionOf('theirs', field, theirs, initial), versionOf('mine', field, mine, initial)] as const;
  return mineIsNewer ? versions : [versions[1], versions[0]];
}

function rankOf(field: string, { body, deviceId, acceptedAt }: MergeSide): readonly string[] {
  const stamp = stampOf(body, field) ?? ZERO_STAMP;
  return [rankStamp(stamp, acceptedAt), deviceId, canonicalJson(memberOf(body.fields, field) ?? null), stamp];
}

function versionOf(name: Version['name'], field: string, { body }: MergeSide, initial: Json | undefined): Version {
  const value = memberOf(body.fields, field);
  return { name, value, view: orIfAbsent(value, initial), stamp: stampOf(body, field) };
}
