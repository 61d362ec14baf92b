import { html, nothing, type TemplateResult } from 'lit';
import type { DamagedPart } from '#core/backups.ts';
import { nameItems } from '#ui/parts/messages.ts';
import { count } from '#ui/text/time-text.ts';

/** Entries that are named. */
const NAMED = 8;

/** What of a backup cannot be read, by the names that something else knows, and what can be done about it. */
export function damageList(damaged: readonly DamagedPart[], advice: string): TemplateResult | typeof nothing {
  if (damaged.length === 0) return nothing;
  const names = damaged.flatMap(({ entities }) => entities.map(({ title }) => title));
  const records = damaged.reduce((sum, part) => sum + part.records, 0);
  return html`<p class="problem">${count(records, 'entry', 'entries')} of it cannot be read. The others can. ${advice}</p>
    <ul class="small">${nameItems(names, NAMED)}</ul>`;
}
