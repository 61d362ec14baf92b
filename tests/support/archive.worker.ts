/** A dedicated worker that writes a file as an export is written. */
import { expose } from 'comlink';
import { webLocks } from '#platform/system.ts';
import { createArchiveFile, createTempFile } from '#store/archive-file.ts';

/** Writes pieces of these sizes, each of bytes of its own number, and gives the file. */
async function write(name: string, sizes: readonly number[]): Promise<Blob> {
  const archive = await createArchiveFile(name);
  const writer = archive.sink.getWriter();
  const piece = new Uint8Array(Math.max(...sizes));
  for (const [at, size] of sizes.entries()) {
    // The bytes are the writer's again as soon as they are written.
    await writer.write(piece.subarray(0, size).fill(at + 1));
  }
  await writer.close();
  return archive.finish();
}

/** Writes a temporary file, and does not let go of it. */
async function hold(id: string): Promise<void> {
  const file = await createTempFile(webLocks, id);
  const writer = file.sink.getWriter();
  await writer.write(new TextEncoder().encode('words'));
  await writer.close();
}

expose({ write, hold });
