/** Backups behind a passphrase: files of the age format (age-encryption.org/v1), which the standard `age` tool opens, too. */
import { Decrypter, Encrypter } from 'age-encryption';
import type { FileFault } from '#core/backup-faults.ts';
import { err, ok, type Result } from '#core/result.ts';
import type { TempFile, TempFiles } from './temp-files.ts';

/** What every file of the format begins with. */
export const AGE_MARK = 'age-encryption.org/v1\n';
/** A header with one passphrase has some 150 bytes. It is looked through before it is given to a parser that waits for its end. */
const MAX_HEADER_BYTES = 4096;
/** The key costs 256 MB of memory and about a second, for whoever guesses as well. */
const WORK_FACTOR = 18;
/** The parser refuses a factor above 20: 4 times the memory and time. */
const PASSPHRASE_LINE = /^-> scrypt [\w+/]+ \d+$/m;

/** Encrypts a stream. Synchronous for about a second while it derives the key: not to be called on a page or in the store's worker. */
export function encryptStream(
  plain: ReadableStream<Uint8Array>,
  passphrase: string,
  workFactor = WORK_FACTOR,
): Promise<ReadableStream<Uint8Array>> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(workFactor);
  return encrypter.encrypt(plain);
}

/** Whether a file is of this format, by how it begins. */
export const isEncrypted = async (file: Blob): Promise<boolean> => (await file.slice(0, AGE_MARK.length).text()) === AGE_MARK;

/**
 * Decrypts a file into a temporary one, which is given only when all of it has been checked: what comes first is right even where the end was cut
 * or changed. Rejects with what the temporary file throws, and with the reason of `signal`.
 */
export async function decryptFile(
  file: Blob,
  passphrase: string | undefined,
  temp: TempFiles,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<Result<{ readonly file: TempFile; readonly blob: Blob }, FileFault>> {
  const header = await readHeader(file);
  if (!header.ok) return header;
  if (passphrase === undefined) return err({ type: 'PassphraseNeeded' });
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(bytes, controller) {
      onBytes(bytes.length);
      controller.enqueue(bytes);
    },
  });
  let plain: ReadableStream<Uint8Array>;
  try {
    plain = await decrypter.decrypt(file.stream().pipeThrough(counted, { signal }));
  } catch (error) {
    signal.throwIfAborted();
    return err({ type: isWrongKey(error) ? 'WrongPassphrase' : 'EncryptedDamaged' });
  }
  const target = await temp.create();
  const failed = await copy(plain, target, signal);
  if (failed) {
    await target.discard();
    signal.throwIfAborted();
    if (failed.side === 'sink') throw failed.error;
    return err({ type: 'EncryptedDamaged' });
  }
  return ok({ file: target, blob: await target.finish() });
}

const isWrongKey = (error: unknown): boolean => error instanceof Error && error.message.includes('no identity matched');

/** Looks through the header of a file that begins with the mark. */
async function readHeader(file: Blob): Promise<Result<void, FileFault>> {
  const bytes = new Uint8Array(await file.slice(0, MAX_HEADER_BYTES).arrayBuffer());
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  const end = text.search(/^--- /m);
  if (end < 0) return err({ type: 'EncryptedDamaged' });
  return PASSPHRASE_LINE.test(text.slice(0, end)) ? ok(undefined) : err({ type: 'NoPassphraseInside' });
}

/** Copies a stream into a file. Which of the two has failed decides what is said of it. */
async function copy(
  plain: ReadableStream<Uint8Array>,
  { sink }: TempFile,
  signal: AbortSignal,
): Promise<{ readonly side: 'source' | 'sink'; readonly error: unknown } | null> {
  const reader = plain.getReader();
  const writer = sink.getWriter();
  let side: 'source' | 'sink' = 'source';
  try {
    for (;;) {
      side = 'source';
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      side = 'sink';
      if (done) break;
      await writer.write(value);
    }
    await writer.close();
    return null;
  } catch (error) {
    await Promise.allSettled([reader.cancel(error), writer.abort(error)]);
    return { side, error };
  }
}
