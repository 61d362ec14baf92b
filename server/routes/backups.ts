import type { FastifyInstance, FastifyRequest } from 'fastify';
import { keepBackupRequestSchema, MAX_BACKUP_BLOBS } from '#core/backup-protocol.ts';
import { isUuid } from '#core/ids.ts';
import { paths } from '#core/paths.ts';
import { readRequest, sendRefusal, sendResult } from '#server/http/answers.ts';
import { refusal } from '#server/refusal.ts';
import type { ApiDeps } from './api-deps.ts';

/** A hash in quotes, and its comma. */
const HASH_BYTES = 67;
const BODY_BYTES = MAX_BACKUP_BLOBS * HASH_BYTES + 4096;

const noSuchBackup = refusal('not-found', 'There is nothing here.');

/** The account's backups: which there are, and what they name. Their bytes travel as blobs. */
export function backupRoutes(app: FastifyInstance, { api, rates }: ApiDeps): void {
  const url = paths.backup(':accountId', ':id');
  app.get(paths.backups(':accountId'), async (request, reply) => sendResult(reply, await api.listBackups(request.accountId)));

  app.post(url, { bodyLimit: BODY_BYTES }, async (request, reply) => {
    const limited = await rates.backup(request);
    if (limited) return sendRefusal(reply, limited);
    const id = readId(request);
    if (id === null) return sendRefusal(reply, noSuchBackup);
    const asked = readRequest(keepBackupRequestSchema, request.body);
    if (!asked.ok) return sendResult(reply, asked);
    return sendResult(reply, await api.keepBackup(request.accountId, request.deviceId, id, asked.value));
  });

  app.delete(url, async (request, reply) => {
    const id = readId(request);
    return id === null ? sendRefusal(reply, noSuchBackup) : sendResult(reply, await api.removeBackup(request.accountId, id));
  });
}

function readId({ params }: FastifyRequest): string | null {
  const { id } = params as { readonly id?: string };
  return id !== undefined && isUuid(id) ? id : null;
}
