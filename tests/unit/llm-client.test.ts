/** Whatever happens in the llm worker, whoever waits for it gets an answer. */
import { expose } from 'comlink';
import { expect, test } from 'vitest';
import { createLlmClient, type LlmClient } from '#app/chat/llm-client.ts';
import { ok } from '#core/result.ts';
import type { LlmWorkerApi } from '#features/chat/llm-api.ts';
import { workerOver } from '#support/worker-over.ts';

const request = { model: 'm', systemPrompt: '', messages: [] };
const broken = (): never => {
  throw new TypeError('a value that no header can carry');
};

function clientOver(api: Partial<LlmWorkerApi>): LlmClient {
  const spawn = () => {
    const { worker, port } = workerOver();
    port.start();
    expose({ open: async () => ok(undefined), ...api }, port as never);
    return worker;
  };
  return createLlmClient(spawn, '0198c0de-0000-7000-8000-00000000f001');
}

test('a call that throws in the worker ends as a failure of the app', async () => {
  const client = clientOver({ listModels: broken, setKey: broken, forgetKey: broken });
  for (const ended of [await client.listModels(), await client.setKey('k'), await client.forgetKey()])
    expect(ended).toMatchObject({ ok: false, error: { type: 'AskFailed', reason: expect.stringContaining('header') } });
});

test('an answer that throws in the worker ends as a failure of the app', async () => {
  const asked = await clientOver({ ask: broken }).ask(request, () => {}, new AbortController().signal);
  expect(asked).toMatchObject({ ok: false, error: { type: 'AskFailed' } });
});

test('a worker that cannot open the workspace is named as lost', async () => {
  const client = clientOver({ open: broken });
  expect(await client.listModels()).toMatchObject({ ok: false, error: { type: 'WorkerLost' } });
});
