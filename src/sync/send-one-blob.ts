/** One blob on its way to the server: how far it is there, then part by part from where the last one ended. */
import { blobPartPath } from '#core/blob-protocol.ts';
import type { BlobQueue, BlobRefusal, UnsentBlob } from '#core/blob-queue.ts';
import type { KvError, SyncError } from '#core/errors.ts';
import type { AccountId } from '#core/ids.ts';
import { paths } from '#core/paths.ts';
import type { BytesAnswer, BytesRequest, BytesTransport, Clock } from '#core/ports.ts';
import { ok, type Result } from '#core/result.ts';
import type { StopSignal } from '#core/stop.ts';
import type { PartPace } from './part-pace.ts';
import { failureOf, messageOf } from './request.ts';

const TIMEOUT_MS = 30_000;
/** Another upload of the same blob that is always further: it is left alone for a while. */
const MAX_CONFLICTS = 8;

export interface SendPorts {
  readonly queue: Pick<BlobQueue, 'read' | 'verify'>;
  readonly transport: BytesTransport;
  readonly accountId: AccountId;
  readonly clock: Pick<Clock, 'now'>;
  /** They are for backups: they count for the quota of those. */
  readonly isBackup?: boolean;
  /** Ends what is under way: what has arrived of a part counts. */
  readonly signal: StopSignal;
  /** Asked before each request. */
  readonly goesOn: () => Promise<boolean>;
  /** Called before each part with how many bytes are there. */
  readonly onPart?: (blob: UnsentBlob, sent: number) => void;
  /** Waited for between two parts, so that whoever types meanwhile does not notice. Absent: without pauses. */
  readonly pause?: () => Promise<void>;
}

/**
 * How it ended. `gone`: its bytes are not here, or damaged. `refused`: it alone does not go, and with `andLarger` nothing that is as
 * large. `stopped`: nothing goes now. `broken`: no answer came; `offset` is how far the server was known to be.
 */
export type Ending =
  | { readonly type: 'sent' | 'cut' | 'gone' }
  | { readonly type: 'refused'; readonly why: Pick<BlobRefusal, 'error' | 'says'>; readonly andLarger: boolean }
  | { readonly type: 'stopped'; readonly error: SyncError }
  | { readonly type: 'broken'; readonly error: SyncError; readonly offset: number };

const CUT = ok({ type: 'cut' } as const);
const GONE = ok({ type: 'gone' } as const);
const SENT = ok({ type: 'sent' } as const);

export async function sendOneBlob(ports: SendPorts, blob: UnsentBlob, pace: PartPace): Promise<Result<Ending, KvError>> {
  const { queue, accountId, clock, goesOn } = ports;
  const { hash, size } = blob;
  if (!(await goesOn())) return CUT;
  const begun = await findOffset(ports, blob);
  if (!begun.ok || typeof begun.value !== 'number') return begun as Result<Ending, KvError>;
  let offset = begun.value;
  /** The server and this device may disagree about the bytes once: what came damaged is sent again. */
  let mismatches = 0;
  let conflicts = 0;
  for (;;) {
    if (!(await goesOn())) return CUT;
    ports.onPart?.(blob, offset);
    const part = await queue.read(hash, offset, Math.min(size, offset + pace.bytes()));
    if (!part.ok) return part;
    if (!part.value) return GONE;
    const body = part.value;
    const at = clock.now();
    const path = blobPartPath(accountId, hash, offset, size, ports.isBackup);
    const sent = await request(ports, { method: 'PUT', path, body }, offset);
    if (!sent.ok) {
      pace.shrink(false);
      return ok(sent.error);
    }
    const answer = sent.value;
    if (isFine(answer)) {
      // A server that takes nothing of a part would be asked forever.
      if (answer.offset === null || answer.size !== size || (answer.offset <= offset && offset < size))
        return ok({ type: 'stopped', error: noServer(answer) });
      pace.learn(body.byteLength, clock.now() - at);
      offset = answer.offset;
      if (offset >= size) return SENT;
      await ports.pause?.();
    } else if (answer.status === 409 && answer.offset !== null) {
      // Another context or device has sent the same blob meanwhile, or an answer was lost.
      conflicts += 1;
      if (conflicts > MAX_CONFLICTS) return ok({ type: 'stopped', error: elsewhere });
      offset = Math.min(answer.offset, size);
      if (offset === size && size > 0) return SENT;
    } else if (answer.status === 422) {
      mismatches += 1;
      offset = 0;
      if (mismatches > 1) return afterMismatch(ports, blob, answer);
    } else if (answer.status !== 413 || !pace.shrink(true)) {
      if (answer.status === 413) pace.restore();
      return ok(endingOf(answer));
    }
  }
}

/** Where the upload goes on, or how it has ended before it began. */
async function findOffset(ports: SendPorts, { hash, size }: UnsentBlob): Promise<Result<number | Ending, KvError>> {
  const { queue, accountId } = ports;
  const asked = await request(ports, { method: 'HEAD', path: paths.blob(accountId, hash) }, 0);
  if (!asked.ok) return ok(asked.error);
  const known = asked.value;
  if (known.status === 404) return ok(0);
  if (!isFine(known)) return ok({ type: 'stopped', error: failure(known) });
  // A captive portal answers everything with 200.
  if (known.offset === null || known.size === null) return ok({ type: 'stopped', error: noServer(known) });
  if (known.size === size) return known.offset >= size ? SENT : ok(known.offset);
  // One of the two is damaged. Of what is whole there the server has compared the hash.
  const verified = await queue.verify(hash);
  if (!verified.ok) return verified;
  if (verified.value === 'damaged') return GONE;
  const reason = `it has ${known.size} bytes under this name, and this device ${size}`;
  return known.offset < known.size ? ok(0) : ok(refused({ type: 'Rejected', status: known.status, reason }, reason));
}

async function request(
  { transport, signal }: SendPorts,
  asked: Omit<BytesRequest, 'timeoutMs' | 'signal'>,
  offset: number,
): Promise<Result<BytesAnswer, Ending>> {
  const answered = await transport.requestBytes({ ...asked, timeoutMs: TIMEOUT_MS, signal });
  if (answered.ok) return answered;
  if (signal.aborted) return { ok: false, error: { type: 'cut' } };
  return { ok: false, error: { type: 'broken', error: { type: 'Network', ...answered.error }, offset } };
}

/** Bytes that the server has found to be others than their hash says, twice. */
async function afterMismatch({ queue }: SendPorts, { hash }: UnsentBlob, answer: BytesAnswer): Promise<Result<Ending, KvError>> {
  const verified = await queue.verify(hash);
  if (!verified.ok) return verified;
  return verified.value === 'damaged' ? GONE : ok(endingOf(answer));
}

/**
 * Whether an answer is about this blob alone. What the server has no room for is as large or smaller than all that come after it; whom
 * the server does not know, or what answers in its place, is the same for all.
 */
function endingOf(answer: BytesAnswer): Ending {
  const error = failure(answer);
  const says = messageOf(answer.json);
  if (error.type === 'ServerFull') return { ...refused(error, says), andLarger: true };
  const isAlone = error.type === 'TooLarge' || (error.type === 'Rejected' && error.status !== 404);
  return isAlone ? refused(error, says) : { type: 'stopped', error };
}

const refused = (error: SyncError, says: string) => ({ type: 'refused', why: { error, says }, andLarger: false }) as const;
const isFine = ({ status }: BytesAnswer): boolean => status >= 200 && status < 300;
const failure = ({ status, json, retryAfterMs }: BytesAnswer): SyncError => failureOf(status, json, retryAfterMs);
const noServer = ({ status }: BytesAnswer): SyncError => ({
  type: 'Network',
  reason: `an answer that is not from a Holdfast server (${status})`,
});
const elsewhere: SyncError = { type: 'Network', reason: 'another device sends the same file' };
