/** Whatever shape a model server or a gateway answers in, it reads as what it means. */
import { describe, expect, test } from 'vitest';
import { firstForChats } from '#features/chat/model-list.ts';
import { askOver, EXAMPLE_ACCESS, modelServerOver, refusedWith } from '#support/asked-server.ts';
import { servers } from '#support/shapes/index.ts';

test('sixteen servers at least, each with its sources', () => {
  expect(servers.length).toBeGreaterThan(16);
  for (const { sources } of servers) expect(sources.length).toBeGreaterThan(0);
});

describe.each(servers)('$server', ({ answers, refusals, models }) => {
  test.each(answers)(
    'answers with $what',
    async ({ body, contentType, text, reasoning = '', finish, tokens = null, model = '', failure }) => {
      const asked = await askOver(body, contentType);
      expect(asked).toMatchObject({ text, reasoning });
      expect(asked.result).toMatchObject(
        failure ? { ok: false, error: failure } : { ok: true, value: { finish, tokens, model } },
      );
    },
  );

  test.each(refusals)('refuses with $what', async ({ status, body, failure }) => {
    const refused = await refusedWith(status, body);
    expect(refused).toMatchObject({ ok: false, error: failure });
  });

  test.each(models)('lists $what', async ({ body, names, first }) => {
    const listed = await modelServerOver(() => new Response(body)).listModels(EXAMPLE_ACCESS);
    expect(listed.ok && listed.value.map(({ name }) => name)).toEqual(names);
    expect(listed.ok && firstForChats(listed.value)).toBe(first);
  });
});

test('an answer that a gateway has put into a list is an answer', async () => {
  const asked = await askOver('[{"choices":[{"message":{"content":"A"},"finish_reason":"stop"}]}]', 'application/json');
  expect(asked).toMatchObject({ text: 'A', result: { ok: true, value: { finish: 'stop' } } });
});
