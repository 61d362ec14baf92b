import { expect, test } from 'vitest';
import { makeBoxKey, openSecret, sealSecret } from '#crypto/secret-box.ts';

const SECRET = 'sk-canary-🔑-0123456789';
const ORIGIN = 'https://models.example';

test('a box opens for its own origin, with its own key', async () => {
  const key = await makeBoxKey();
  const box = await sealSecret(key, SECRET, ORIGIN);
  expect(await openSecret(key, box, ORIGIN)).toEqual({ ok: true, value: SECRET });
});

test.each(['https://evil.example', 'http://models.example', 'https://models.example:8443', ''])(
  'for %j it stays shut, and says whose it is',
  async (origin) => {
    const key = await makeBoxKey();
    const box = await sealSecret(key, SECRET, ORIGIN);
    expect(await openSecret(key, box, origin)).toEqual({
      ok: false,
      error: { type: 'KeyForOtherOrigin', keyOrigin: ORIGIN, origin },
    });
  },
);

test('with another key, changed in any byte, or with another beginning it is unreadable', async () => {
  const key = await makeBoxKey();
  const box = await sealSecret(key, SECRET, ORIGIN);
  const unreadable = { ok: false, error: { type: 'KeyUnreadable' } };
  expect(await openSecret(await makeBoxKey(), box, ORIGIN)).toEqual(unreadable);
  const bytes = atob(box.slice(2));
  for (const at of [0, 11, 12, bytes.length - 1]) {
    const changed = `${bytes.slice(0, at)}${String.fromCharCode(bytes.charCodeAt(at) ^ 1)}${bytes.slice(at + 1)}`;
    expect(await openSecret(key, `1.${btoa(changed)}`, ORIGIN), `byte ${at}`).toEqual(unreadable);
  }
  for (const other of ['', box.slice(2), `2.${box.slice(2)}`, '1.not base64!'])
    expect(await openSecret(key, other, ORIGIN)).toEqual(unreadable);
});

test('the box key cannot be read out, and neither key nor origin shows in the box', async () => {
  const key = await makeBoxKey();
  expect(key.extractable).toBe(false);
  await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
  const box = await sealSecret(key, SECRET, ORIGIN);
  expect(atob(box.slice(2))).not.toContain('canary');
  expect(atob(box.slice(2))).not.toContain('models.example');
  expect(await sealSecret(key, SECRET, ORIGIN)).not.toBe(box);
});
