import { encryptStream } from '#backup/format/passphrase.ts';

/**
 * Has `write` write to `sink`, encrypted by a passphrase, and closes it. Without a passphrase it writes to `sink` itself. Gives what `write` gives. Rejects
 * with what either of them throws. Synchronous for about a second while it derives the key: in a worker of its own only.
 */
export async function writeEncrypted<V>(
  sink: WritableStream<Uint8Array>,
  passphrase: string | undefined,
  write: (sink: WritableStream<Uint8Array>) => Promise<V>,
  workFactor?: number,
): Promise<V> {
  if (passphrase === undefined) return write(sink);
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const encrypted = encryptStream(readable, passphrase, workFactor).then((stream) => stream.pipeTo(sink));
  const [written] = await Promise.all([write(writable), encrypted]);
  return written;
}
