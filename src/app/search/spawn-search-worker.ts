import { trustedScriptUrl } from '#platform/trusted-types.ts';
import url from '#workers/search.worker.ts?worker&url';

export const spawnSearchWorker = (): Worker => new Worker(trustedScriptUrl(url), { type: 'module', name: 'holdfast-search' });
