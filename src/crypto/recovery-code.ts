/**
 * The recovery code: account id and account key as 24 words of BIP-39's English list, whose last word holds a checksum.
 * Whoever has the words has the account; they are also how another device is paired.
 */
import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { type AccountId, toHex } from '#core/ids.ts';
import { err, ok, type Result } from '#core/result.ts';

export interface RecoveryKeys {
  readonly accountId: AccountId;
  /** 128 bits in hex. */
  readonly accountKey: string;
}

const fromHex = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

export function toRecoveryCode({ accountId, accountKey }: RecoveryKeys): readonly string[] {
  return entropyToMnemonic(fromHex(accountId.replaceAll('-', '') + accountKey), wordlist).split(' ');
}

/** Reads a code as a person may have typed it: any case, any white space, numbers before the words. */
export function parseRecoveryCode(code: string): Result<RecoveryKeys, { readonly type: 'BadCode'; readonly reason: string }> {
  const words = code.toLowerCase().match(/[a-z]+/g) ?? [];
  if (words.length !== 24) return err({ type: 'BadCode', reason: `A recovery code has 24 words; these are ${words.length}.` });
  const unknown = words.find((word) => !wordlist.includes(word));
  if (unknown !== undefined) return err({ type: 'BadCode', reason: `“${unknown}” is not a word of a recovery code.` });
  try {
    const hex = toHex(mnemonicToEntropy(words.join(' '), wordlist));
    const id = hex.slice(0, 32);
    const accountId = `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`;
    return ok({ accountId, accountKey: hex.slice(32) });
  } catch {
    return err({ type: 'BadCode', reason: 'The words do not fit together: one is wrong, or two have changed places.' });
  }
}
