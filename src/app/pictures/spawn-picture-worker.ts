import { trustedScriptUrl } from '#platform/trusted-types.ts';
import url from '#workers/picture.worker.ts?worker&url';

export const spawnPictureWorker = (): Worker => new Worker(trustedScriptUrl(url), { type: 'module', name: 'holdfast-pictures' });
