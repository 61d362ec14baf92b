/** The calls of the wire that concern an account and its devices; the rest is in `protocol.ts`. */
import * as v from 'valibot';
import { accountIdSchema, count, deviceIdSchema, hash, PROTOCOL, position } from './protocol-parts.ts';

const accountKey = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));
const deviceName = v.pipe(v.string(), v.maxLength(200));
/** The name of an account's second way in, folded by the client to lower case and NFC. */
const loginName = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
/** Derived from the password on the device; the password itself never travels. */
const authKey = hash;
const wrappedKey = v.pipe(v.string(), v.maxLength(2000));

/** Creates or joins an account, idempotently, and sets the device's cookie. `accountKey` is 128 bits in hex. */
export const enterRequestSchema = v.object({
  protocol: v.literal(PROTOCOL),
  accountId: accountIdSchema,
  accountKey,
  deviceId: deviceIdSchema,
  deviceName,
  /** The registration code, where the server asks for one to create an account. */
  code: v.optional(v.pipe(v.string(), v.maxLength(200))),
});
export type EnterRequest = v.InferOutput<typeof enterRequestSchema>;

export const enterAnswerSchema = v.object({ ...position, accountId: accountIdSchema, created: v.boolean() });
export type EnterAnswer = v.InferOutput<typeof enterAnswerSchema>;

/** Sets or replaces the name and password of the account. */
export const passwordRequestSchema = v.object({ protocol: v.literal(PROTOCOL), name: loginName, authKey, wrappedKey });
export type PasswordRequest = v.InferOutput<typeof passwordRequestSchema>;

/** Signs a device in by name and password, and sets its cookie. The answer carries the wrapped account key. */
export const loginRequestSchema = v.object({
  protocol: v.literal(PROTOCOL),
  name: loginName,
  authKey,
  deviceId: deviceIdSchema,
  deviceName,
});
export type LoginRequest = v.InferOutput<typeof loginRequestSchema>;

export const loginAnswerSchema = v.object({ ...position, accountId: accountIdSchema, wrappedKey });
export type LoginAnswer = v.InferOutput<typeof loginAnswerSchema>;

/**
 * Deletes the account permanently, with everything that the server has of it. Whoever asks shows that the account is theirs: by its key, or by what is derived
 * from its password.
 */
export const deleteAccountRequestSchema = v.union([
  v.object({ protocol: v.literal(PROTOCOL), accountKey }),
  v.object({ protocol: v.literal(PROTOCOL), authKey }),
]);
export type DeleteAccountRequest = v.InferOutput<typeof deleteAccountRequestSchema>;

/** `reason` of a refusal (`forbidden`) to every device of an account that was deleted. It is never made again under its id. */
export const ACCOUNT_DELETED = 'account-deleted';

/** What the device that asks is called from now on, in the account's list of devices. */
export const deviceNameRequestSchema = v.object({ protocol: v.literal(PROTOCOL), name: v.pipe(deviceName, v.minLength(1)) });
export type DeviceNameRequest = v.InferOutput<typeof deviceNameRequestSchema>;

export const deviceListSchema = v.object({
  devices: v.array(
    v.object({ deviceId: deviceIdSchema, name: deviceName, createdAt: count, lastSeenAt: count, current: v.boolean() }),
  ),
});
export type DeviceList = v.InferOutput<typeof deviceListSchema>;

/**
 * The answer to a call that only does something: a password set, a device signed out. Not an empty one: a captive portal
 * can answer nothing, too.
 */
export const doneAnswerSchema = v.object({ done: v.literal(true) });
export type DoneAnswer = v.InferOutput<typeof doneAnswerSchema>;
