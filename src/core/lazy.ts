import type { KvError } from './errors.ts';
import { err, ok, type Result } from './result.ts';

/** Makes a part at its first use, once. Where its code could not be loaded, that use fails and the next one tries again. */
export function lazy<T>(load: () => Promise<T>): () => Promise<Result<T, KvError>> {
  let loading: Promise<T> | null = null;
  return async () => {
    loading ??= load();
    try {
      return ok(await loading);
    } catch (error) {
      loading = null;
      return err({ type: 'ConnectionLost', reason: `a part did not load: ${error}` });
    }
  };
}
