/** What a file is called, and the document that it is in. */
import type { App } from '#app/app.ts';
import type { EntityView } from '#app/views.ts';
import { type BlobHash, readReference } from '#core/blobs.ts';
import type { StoreError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import { childKinds, documentKinds } from '#entities/documents.ts';
import { ledger } from '#entities/index.ts';
import { readAttachments } from '#entities/message-content.ts';
import { wordsOfFile } from '#features/markdown/file-markdown.ts';
import type { StoreClient } from '#store/calls/store-client.ts';
import type { FileUse } from './status-service.ts';

/** See `StatusService.fileUses`. */
export async function findFileUses(
  app: Pick<App, 'get'>,
  client: Pick<StoreClient, 'blobUsers'>,
  hashes: readonly BlobHash[],
): Promise<Result<readonly FileUse[], StoreError>> {
  const kinds = documentKinds().flatMap(({ kind }) => [kind, ...childKinds(kind).map((child) => child.kind)]);
  const users = await client.blobUsers(hashes, kinds);
  if (!users.ok) return users;
  const uses: FileUse[] = [];
  for (const { hash, kind, id } of users.value) {
    const found = await app.get(kind, id);
    if (!found.ok) return found;
    const entity = found.value;
    const document = entity && (await documentOf(app, entity));
    if (entity && document) uses.push({ hash, name: fileName(entity, hash), entity, document });
  }
  return ok(uses);
}

async function documentOf(app: Pick<App, 'get'>, entity: EntityView): Promise<EntityView | null> {
  const parent = ledger.get(entity.kind)?.parent;
  if (!parent) return entity;
  const parentId = entity.fields[parent.field];
  const found = typeof parentId === 'string' ? await app.get(parent.kind, parentId) : null;
  return found?.ok ? found.value : null;
}

/** A prompt lists its files by name; any other text says it where it refers to one. */
export function fileName({ fields }: Pick<EntityView, 'fields'>, hash: BlobHash): string {
  const attached = readAttachments(fields['attachments']).find(({ address }) => readReference(address)?.hash === hash);
  if (attached) return attached.name;
  for (const value of Object.values(fields)) {
    const words = typeof value === 'string' ? wordsOfFile(value, hash) : '';
    if (words !== '') return words;
  }
  return '';
}
