/** The states of a document that only backups hold, as its history shows them. */
import type { BackedUpVersion } from '#core/backups.ts';
import { type Fields, readFields } from '#core/entity.ts';
import type { DocumentKind } from '#entities/documents.ts';
import { changedFields } from './revisions.ts';
import type { ShownRevision } from './shown-revisions.ts';

/** Those that are neither as the document is now nor among the revisions that are kept beside it. */
export function onlyInBackups(
  versions: readonly BackedUpVersion[],
  kind: DocumentKind,
  shown: readonly Fields[],
): readonly ShownRevision[] {
  return versions.flatMap(({ madeAt, since, backups, fields: stored }) => {
    const fields = readFields(kind, stored);
    if (shown.some((one) => changedFields(kind, fields, one).length === 0)) return [];
    return [{ entry: { at: madeAt, reason: 'backup' as const, fields }, words: null, inBackups: { since, backups } }];
  });
}
