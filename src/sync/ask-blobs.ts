import { missingBlobsAnswerSchema } from '#core/blob-protocol.ts';
import type { BlobQueue } from '#core/blob-queue.ts';
import type { KvError, SyncError } from '#core/errors.ts';
import type { AccountId } from '#core/ids.ts';
import { paths } from '#core/paths.ts';
import type { Transport } from '#core/ports.ts';
import { PROTOCOL } from '#core/protocol-parts.ts';
import { ok, type Result } from '#core/result.ts';
import { call } from './request.ts';

export interface AskBlobsOptions {
  readonly queue: Pick<BlobQueue, 'question' | 'answer'>;
  readonly transport: Transport;
  readonly accountId: AccountId;
  readonly goesOn: () => Promise<boolean>;
}

/** Asks the server what it lacks of all that is here, where that is due. Each page is noted: killed, the next run goes on behind it. */
export async function askBlobs({
  queue,
  transport,
  accountId,
  goesOn,
}: AskBlobsOptions): Promise<Result<SyncError | null, KvError>> {
  for (;;) {
    const question = await queue.question();
    if (!question.ok) return question;
    if (!question.value || !(await goesOn())) return ok(null);
    const { hashes } = question.value;
    const asked = { method: 'POST', path: paths.missingBlobs(accountId), body: { protocol: PROTOCOL, hashes } } as const;
    const answer = hashes.length === 0 ? ok({ missing: [] }) : await call(transport, asked, missingBlobsAnswerSchema);
    if (!answer.ok) return ok(answer.error);
    const noted = await queue.answer(question.value, answer.value.missing);
    if (!noted.ok) return noted;
  }
}
