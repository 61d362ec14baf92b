/** The `test` of what asks a model: a model server of its own beside the server of `test.ts`. */
import { type OpenAiServer, startOpenAiServer } from './openai-server.ts';
import { test as base } from './test.ts';

export const test = base.extend<{ readonly model: OpenAiServer }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of needed fixtures from the pattern.
  model: async ({}, use) => {
    const model = await startOpenAiServer();
    await use(model);
    await model.close();
  },
});
