import { trustedScriptUrl } from '#platform/trusted-types.ts';
import url from '#workers/llm.worker.ts?worker&url';

/** Starts the llm worker. The server knows its file by its name, and serves it with the policy that lets it out. */
export const spawnLlmWorker = (): Worker => new Worker(trustedScriptUrl(url), { type: 'module', name: 'holdfast-llm' });
