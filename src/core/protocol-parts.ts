/** What every message of the wire is made of. `protocol.ts` says what the wire is. */
import * as v from 'valibot';
import { isStamp, type Stamp } from './clock.ts';
import { type AccountId, type DeviceId, type EntityId, isUuid, type OpId } from './ids.ts';

export const PROTOCOL = 1;

const isId = v.check(isUuid, 'not a lower-case UUID');
export const uuid = v.pipe(v.string(), isId);
export const accountIdSchema: v.GenericSchema<string, AccountId> = v.pipe(v.string(), isId);
export const deviceIdSchema: v.GenericSchema<string, DeviceId> = v.pipe(v.string(), isId);
export const entityIdSchema: v.GenericSchema<string, EntityId> = v.pipe(v.string(), isId);
export const opIdSchema: v.GenericSchema<string, OpId> = v.pipe(v.string(), isId);
export const stamp: v.GenericSchema<string, Stamp> = v.pipe(v.string(), v.check(isStamp, 'not a stamp'));
export const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const kind = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,39}$/));

/** The highest position that a device ever saw in any answer: the op that holds `seq` in the account's log. */
export const seenSchema = v.nullable(v.object({ seq: count, opId: opIdSchema }));
export type Seen = v.InferOutput<typeof seenSchema>;

/** What every answer says of the account: its epoch and the newest position of its log. */
export const position = {
  epoch: uuid,
  seen: seenSchema,
  /** The server's wall time in ms. */
  now: count,
};
