/**
 * A box for one API key: AES-256-GCM under a key that no script can read (non-extractable, kept by the store). The box
 * holds the origin that the key is for, and opens for no other: an address that was changed, by mistake or by another
 * device, never receives it.
 */
import { err, ok, type Result } from '#core/result.ts';

const IV_BYTES = 12;
const FORMAT = '1.';
/** Bound to the box, so that a box of another purpose made with the same key does not open here. */
const PURPOSE = new TextEncoder().encode('holdfast-secret-box-1');

export type SecretBoxError =
  | { readonly type: 'KeyForOtherOrigin'; readonly keyOrigin: string; readonly origin: string }
  /** Another device's box, a damaged one, or one whose key is gone. */
  | { readonly type: 'KeyUnreadable' };

/** A new key for boxes: it can be stored, and never be read out. */
export function makeBoxKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

/** `secret` for `origin` in a box: `1.` and base64 of IV and ciphertext. The same secret gives another box each time. */
export async function sealSecret(boxKey: CryptoKey, secret: string, origin: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const content = new TextEncoder().encode(JSON.stringify({ secret, origin }));
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: PURPOSE }, boxKey, content));
  return `${FORMAT}${btoa(String.fromCharCode(...iv, ...sealed))}`;
}

/** The secret, for the origin that it was sealed for and no other. */
export async function openSecret(boxKey: CryptoKey, box: string, origin: string): Promise<Result<string, SecretBoxError>> {
  const content = await decrypt(boxKey, box);
  if (!content) return err({ type: 'KeyUnreadable' });
  if (content.origin !== origin) return err({ type: 'KeyForOtherOrigin', keyOrigin: content.origin, origin });
  return ok(content.secret);
}

async function decrypt(boxKey: CryptoKey, box: string): Promise<{ readonly secret: string; readonly origin: string } | null> {
  if (!box.startsWith(FORMAT)) return null;
  try {
    const bytes = Uint8Array.from(atob(box.slice(FORMAT.length)), (character) => character.charCodeAt(0));
    const algorithm = { name: 'AES-GCM', iv: bytes.slice(0, IV_BYTES), additionalData: PURPOSE };
    const opened: unknown = JSON.parse(
      new TextDecoder().decode(await crypto.subtle.decrypt(algorithm, boxKey, bytes.slice(IV_BYTES))),
    );
    const { secret, origin } = Object(opened);
    return typeof secret === 'string' && typeof origin === 'string' ? { secret, origin } : null;
  } catch {
    return null;
  }
}
