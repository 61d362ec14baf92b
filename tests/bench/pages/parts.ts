import { type Remote, wrap } from 'comlink';
import { trustedScriptUrl } from '#platform/trusted-types.ts';
import partsUrl from './parts.worker.ts?worker&url';
import type { Parts } from './parts-api.ts';

export function startParts(): { readonly parts: Remote<Parts>; end(): void } {
  const worker = new Worker(trustedScriptUrl(partsUrl), { type: 'module' });
  return { parts: wrap<Parts>(worker), end: () => worker.terminate() };
}
