import { html, nothing, type TemplateResult } from 'lit';
import type { BackupInfo, DamagedPart } from '#core/backups.ts';
import { documentKind } from '#entities/documents.ts';
import { nameItems } from '#ui/parts/messages.ts';
import { count } from '#ui/text/time-text.ts';

/** Entries that are named. */
const NAMED = 8;

/** Nothing of it can be read. */
export const isLost = ({ damaged, records }: Pick<BackupInfo, 'damaged' | 'records'>): boolean =>
  damaged.length > 0 && damagedRecords(damaged) >= records;

/**
 * What of a backup cannot be read, by the names that something else knows, documents first, and what can be done about the rest. `records` is how many it has
 * in all.
 */
export function damageList(
  { damaged, records }: Pick<BackupInfo, 'damaged' | 'records'>,
  advice: string,
): TemplateResult | typeof nothing {
  if (damaged.length === 0) return nothing;
  const entities = damaged.flatMap((part) => part.entities);
  const isDocument = ({ kind }: { readonly kind: string }): boolean => documentKind(kind) !== undefined;
  const names = [...entities.filter(isDocument), ...entities.filter((one) => !isDocument(one))].map(({ title }) => title);
  const words = isLost({ damaged, records })
    ? 'Nothing of it can be read. Use another backup.'
    : `${count(damagedRecords(damaged), 'entry', 'entries')} of it cannot be read. The others can. ${advice}`;
  return html`<p class="problem">${words}</p>
    <ul class="small">${nameItems(names, NAMED)}</ul>`;
}

/** What is not in a backup since the file that it was brought from was made of a damaged one. */
export const lackLine = ({ lacking }: Pick<BackupInfo, 'lacking'>): TemplateResult | typeof nothing =>
  lacking === 0
    ? nothing
    : html`<p class="problem">${count(lacking, 'entry', 'entries')} could not be read when this file was made, and ${lacking === 1 ? 'is' : 'are'} not in it. Look for ${lacking === 1 ? 'it' : 'them'} in another backup.</p>`;

const damagedRecords = (damaged: readonly DamagedPart[]): number => damaged.reduce((sum, part) => sum + part.records, 0);
