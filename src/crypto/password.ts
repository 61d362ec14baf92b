/**
 * Name and password as a second way into an account. From the password two keys are derived on the device: one that
 * proves it to the server, one that wraps the account key. The password and the second key never leave the device.
 */
import { toHex } from '#core/ids.ts';
import { err, ok, type Result } from '#core/result.ts';

/** OWASP's figure for PBKDF2-HMAC-SHA256 (2023); 120 to 165 ms on the machines this was measured on. */
const ITERATIONS = 600_000;
const IV_BYTES = 12;

export interface PasswordKeys {
  /** 32 bytes in hex: what the server checks (and stores only hashed again). */
  readonly authKey: string;
  readonly wrapKey: CryptoKey;
}

/** A login name as it is compared: without case, in one Unicode form. */
export const foldName = (name: string): string => name.trim().normalize('NFC').toLowerCase();

/** The same name and password give the same keys on every device: the salt is the folded name. */
export async function deriveKeys(name: string, password: string): Promise<PasswordKeys> {
  const encoder = new TextEncoder();
  const secret = await crypto.subtle.importKey('raw', encoder.encode(password.normalize('NFC')), 'PBKDF2', false, ['deriveBits']);
  const salt = await crypto.subtle.digest('SHA-256', encoder.encode(`holdfast-login-1/${foldName(name)}`));
  const bits = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ITERATIONS }, secret, 512);
  const wrapKey = await crypto.subtle.importKey('raw', bits.slice(32), 'AES-GCM', false, ['encrypt', 'decrypt']);
  return { authKey: toHex(new Uint8Array(bits.slice(0, 32))), wrapKey };
}

/** The account key under `wrapKey`: `1.` and base64 of IV and ciphertext (AES-256-GCM). */
export async function wrapAccountKey(accountKey: string, wrapKey: CryptoKey): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = new Uint8Array(
    await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, wrapKey, new TextEncoder().encode(accountKey)),
  );
  return `1.${btoa(String.fromCharCode(...iv, ...sealed))}`;
}

/** The account key again; an error where the wrapped key was not made by this password. */
export async function unwrapAccountKey(
  wrapped: string,
  wrapKey: CryptoKey,
): Promise<Result<string, { readonly type: 'WrongPassword' }>> {
  try {
    const bytes = Uint8Array.from(atob(wrapped.slice(2)), (character) => character.charCodeAt(0));
    const opened = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: bytes.slice(0, IV_BYTES) }, wrapKey, bytes.slice(IV_BYTES));
    return ok(new TextDecoder().decode(opened));
  } catch {
    return err({ type: 'WrongPassword' });
  }
}
