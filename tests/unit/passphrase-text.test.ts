import { expect, test } from 'vitest';
import { suggestPassphrase } from '#crypto/passphrase.ts';
import { passphraseText } from '#ui/text/passphrase-text.ts';

test.each([
  ['weak', 'password'],
  ['weak', 'aaaaaaaaaaaaaaaaaaaaaaaa'],
  ['weak', 'my cat'],
  ['weak', '12345678'],
  ['fair', 'crane mellow orbit dune'],
  ['fair', 'k7Q!x2Wp'],
  ['strong', 'crane mellow orbit dune fable grit'],
  ['strong', 'k7Q!x2Wp#9zT'],
] as const)('%s: %s', (level, passphrase) => {
  expect(passphraseText(passphrase).level).toBe(level);
});

test('a suggested one is strong, and another each time', () => {
  const [one, other] = [suggestPassphrase(), suggestPassphrase()];
  expect(one).not.toBe(other);
  expect(one.split(' ')).toHaveLength(6);
  // Six times the same word is what chance gives once in 2^55.
  expect(passphraseText('crane mellow orbit dune fable grit').level).toBe('strong');
});
