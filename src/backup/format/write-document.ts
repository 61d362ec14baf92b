import { beginHash } from '#core/hash.ts';
import { type DocumentForm, documentText } from './document.ts';
import type { BackupHead } from './head.ts';

/** As much text is encoded, hashed and written at once. */
const BATCH_CHARS = 64 * 1024;

/**
 * Writes a backup in a form, and closes `sink`. `lines` are those of `recordLine`, in the order of `compareKeys`. The last line of the document has the
 * SHA-256 of all bytes before it. Rejects with what the sink or the lines throw; the sink is then aborted.
 */
export async function writeDocument(
  form: DocumentForm,
  head: BackupHead,
  lines: AsyncIterable<string>,
  sink: WritableStream<Uint8Array>,
): Promise<void> {
  const writer = sink.getWriter();
  const encoder = new TextEncoder();
  const hash = beginHash();
  let batch = '';
  const flush = async (): Promise<void> => {
    const bytes = encoder.encode(batch);
    batch = '';
    hash.update(bytes);
    await writer.write(bytes);
  };
  try {
    for await (const piece of documentText(form, head, lines)) {
      batch += piece;
      if (batch.length >= BATCH_CHARS) await flush();
    }
    await flush();
    await writer.write(encoder.encode(form.last(hash.end())));
    await writer.close();
  } catch (error) {
    // A sink that has failed by itself refuses this, too: what it failed with is what is thrown.
    await writer.abort(error).catch(() => {});
    throw error;
  }
}
