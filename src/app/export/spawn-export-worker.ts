import { trustedScriptUrl } from '#platform/trusted-types.ts';
import url from '#workers/export.worker.ts?worker&url';

export const spawnExportWorker = (): Worker => new Worker(trustedScriptUrl(url), { type: 'module', name: 'holdfast-export' });
