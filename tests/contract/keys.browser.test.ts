/** Real IndexedDB: only a browser can show that a key is kept, and stays shut. */
import { expect, test } from 'vitest';
import { makeBoxKey, openSecret, sealSecret } from '#crypto/secret-box.ts';
import { openCryptoKey } from '#store/kv/keys.ts';

test('a key is made once, also when two ask at once, and opens later what it sealed', async () => {
  const name = crypto.randomUUID();
  const [first, second] = await Promise.all([openCryptoKey(name, makeBoxKey), openCryptoKey(name, makeBoxKey)]);
  if (!first.ok || !second.ok) throw new Error('the key could not be kept');
  const box = await sealSecret(first.value, 'sk-1', 'https://models.example');
  expect(await openSecret(second.value, box, 'https://models.example')).toEqual({ ok: true, value: 'sk-1' });
  const again = await openCryptoKey(name, () => Promise.reject(new Error('made twice')));
  if (!again.ok) throw new Error('the key was not found again');
  expect(await openSecret(again.value, box, 'https://models.example')).toEqual({ ok: true, value: 'sk-1' });
  await expect(crypto.subtle.exportKey('raw', again.value)).rejects.toThrow();
});
