/** Removes at the end of a run what its tests have left in the folder for temporary files (`vitest.config.ts`). */
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';

export async function teardown(): Promise<void> {
  await rm(tmpdir(), { recursive: true, force: true, maxRetries: 3 });
}
