import type { Random } from './ports.ts';

declare const of: unique symbol;

/**
 * A text that names something of one sort. One sort is never taken for another: the compiler refuses it. A plain text is taken
 * for any, so that what comes from the wire, from a database or from a test need not be cast.
 */
export type IdOf<Sort extends string> = string & { readonly [of]?: Sort };

export type AccountId = IdOf<'account'>;
export type DeviceId = IdOf<'device'>;
/** What belongs to one device (its layout, its settings) has the device's own id. */
export type EntityId = IdOf<'entity' | 'device'>;
/** Names an op, and the version of the entity that it makes. */
export type OpId = IdOf<'op'>;

/** The device that has an entity of its own: its layout, its settings. */
export function deviceOf(id: EntityId): DeviceId {
  const text: string = id;
  return text;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for a lower-case UUID of any version, the only form in which ids travel. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** A UUIDv7 (RFC 9562): 48 bits of wall time in milliseconds, then 74 random bits. Sorts by the time it was made. */
export function mintId(nowMs: number, random: Random): string {
  const bytes = random.bytes(16);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  view.setUint16(0, Math.floor(nowMs / 2 ** 32) & 0xffff);
  view.setUint32(2, nowMs >>> 0);
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x70);
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80);
  const hex = toHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** An id that follows from a content: a UUIDv7 of this time, whose other bits are of the content's hash (hex). */
export function idOfContent(hash: string, ms: number): string {
  const bytes = Uint8Array.from({ length: 16 }, (_, at) => Number.parseInt(hash.slice(2 * at, 2 * at + 2), 16));
  return mintId(ms, { bytes: () => bytes, fraction: () => 0 });
}

/** When an id was made, in ms: a UUIDv7 begins with it (RFC 9562). Null for an id of another version. */
export function timeOfId(id: string): number | null {
  const ms = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  return id[14] === '7' && Number.isFinite(ms) ? ms : null;
}

/** Where in an id's text the twelve bits behind its version are, and the largest number that they hold. */
const [COUNTER_AT, COUNTER_END, MAX_COUNTER] = [15, 18, 0xfff];

/**
 * As `mintId`, but behind `previous` in order, also where both are made in one millisecond: what is made together then
 * lies together. RFC 9562, 6.2, method 1: the twelve bits behind the version count on, and the time moves on where they
 * are used up.
 */
export function mintIdAfter(previous: string | null, nowMs: number, random: Random): string {
  const id = mintId(nowMs, random);
  if (previous === null) return id;
  const time = previous.slice(0, 8) + previous.slice(9, 13);
  if (id.slice(0, 8) + id.slice(9, 13) > time) return id;
  const counter = Number.parseInt(previous.slice(COUNTER_AT, COUNTER_END), 16) + 1;
  if (counter > MAX_COUNTER) return mintId(Number.parseInt(time, 16) + 1, random);
  return previous.slice(0, COUNTER_AT) + counter.toString(16).padStart(3, '0') + id.slice(COUNTER_END);
}

/** Lower-case hex of `bytes`. */
export function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
}
