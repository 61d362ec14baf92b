/** The key and the address of a model server, as the llm worker reads and keeps them. */
import { expect, test } from 'vitest';
import type { Json } from '#core/json.ts';
import { ok } from '#core/result.ts';
import { makeBoxKey, sealSecret } from '#crypto/secret-box.ts';
import { createProvider, type StoredSecret } from '#features/chat/provider.ts';

const ORIGIN = 'https://models.example';

async function world(endpoint = `${ORIGIN}/v1`) {
  const boxKey = await makeBoxKey();
  const kept: { secret: StoredSecret; form: Json } = { secret: { origin: '', box: '' }, form: null };
  const provider = createProvider({
    readEndpoint: async () => ok(endpoint),
    readSecret: async () => ok(kept.secret),
    writeSecret: async (secret) => {
      kept.secret = secret;
      return ok(undefined);
    },
    readForm: async () => kept.form,
    writeForm: async (form) => {
      kept.form = form;
    },
    boxKey: async () => ok(boxKey),
  });
  return { provider, kept, boxKey };
}

test('a key is kept as it was meant', async () => {
  const { provider } = await world();
  expect(await provider.setKey(' Bearer sk-abc\u200bdef\n')).toEqual({ ok: true, value: { origin: ORIGIN } });
  expect(await provider.access()).toMatchObject({ ok: true, value: { key: 'sk-abcdef', form: [] } });
});

test('a key that no request can carry is not kept', async () => {
  const { provider, kept } = await world();
  expect(await provider.setKey('sk-…')).toEqual({ ok: false, error: { type: 'BadKey', reason: 'character', found: '…' } });
  expect(kept.secret.box).toBe('');
});

test('one that an earlier version has kept as it was pasted is cleaned, or named', async () => {
  const { provider, kept, boxKey } = await world();
  kept.secret = { origin: ORIGIN, box: await sealSecret(boxKey, 'sk-abc\u200bdef', ORIGIN) };
  expect(await provider.access()).toMatchObject({ ok: true, value: { key: 'sk-abcdef' } });
  kept.secret = { origin: ORIGIN, box: await sealSecret(boxKey, 'sk-ключ', ORIGIN) };
  expect(await provider.access()).toMatchObject({ ok: false, error: { type: 'BadKey' } });
});

test('what the server refuses is kept for its address, and not for another one', async () => {
  const { provider, kept } = await world();
  const access = await provider.access();
  if (access.ok) await access.value.keepForm(['usage']);
  expect(await provider.access()).toMatchObject({ ok: true, value: { form: ['usage'] } });
  const elsewhere = await world(`${ORIGIN}/other/v1`);
  elsewhere.kept.form = kept.form;
  expect(await elsewhere.provider.access()).toMatchObject({ ok: true, value: { form: [] } });
});
