import type { KvError } from './errors.ts';
import { err, ok, type Result } from './result.ts';

/** Calls `load` at the first use, once. Where that fails, that use fails and the next one calls it again. */
export function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | null = null;
  return () => {
    if (!loading) {
      loading = load();
      loading.catch(() => {
        loading = null;
      });
    }
    return loading;
  };
}

/** The same of a part whose code may not load, as a value. */
export function lazy<T>(load: () => Promise<T>): () => Promise<Result<T, KvError>> {
  const get = once(load);
  return async () => {
    try {
      return ok(await get());
    } catch (error) {
      return err({ type: 'ConnectionLost', reason: `a part did not load: ${error}` });
    }
  };
}
