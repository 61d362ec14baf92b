import { wordlist } from '@scure/bip39/wordlists/english.js';

/** 66 bits: with the key derivation of age, more than anybody can try. */
const WORDS = 6;

/** A passphrase that a person can write down: random words of the list of the recovery code. */
export function suggestPassphrase(): string {
  // 2,048 words: a power of two, so that the remainder favours none.
  const numbers = crypto.getRandomValues(new Uint16Array(WORDS));
  return Array.from(numbers, (number) => wordlist[number % wordlist.length]).join(' ');
}
