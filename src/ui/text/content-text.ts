/** Backups in words. */
import type { BackupInfo, Counts } from '#core/backups.ts';
import { documentKinds } from '#entities/documents.ts';
import { kindName, kindPlural } from '#entities/kind-names.ts';
import { count } from '#ui/text/time-text.ts';

/** How many documents there are, kind by kind: *12 notes, 3 chats*. What lies in the bin is counted with them. */
export function contentText(counts: Counts): string {
  const parts = documentKinds().flatMap(({ kind }) => {
    const { live = 0, binned = 0 } = counts[kind] ?? {};
    return live + binned === 0 ? [] : [count(live + binned, kindName(kind), kindPlural(kind).toLocaleLowerCase())];
  });
  return parts.length === 0 ? 'no documents' : parts.join(', ');
}

/** Why it was made. */
export const reasons: { readonly [R in BackupInfo['reason']]: string } = {
  schedule: 'by the schedule',
  asked: 'because you asked',
  safety: 'before a restore',
  mirror: 'live mirror',
  brought: 'brought here',
};
