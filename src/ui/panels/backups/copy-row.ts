import { html, nothing, type TemplateResult } from 'lit';
import type { BackupInfo } from '#core/backups.ts';
import '#ui/parts/action-menu.ts';
import { icon } from '#ui/parts/icon.ts';
import { contentText } from '#ui/text/content-text.ts';
import { count, fullTime } from '#ui/text/time-text.ts';

export interface CopyRow {
  readonly newest: BackupInfo;
  /** How many there are with it. */
  readonly backups: number;
  readonly disabled: boolean;
  readonly bring: () => void;
  /** Absent: they are not removed here. */
  readonly remove?: () => void;
}

/** One way back, by its newest backup: what is in it, of when, and the button. */
export function copyRow({ newest, backups, disabled, bring, remove }: CopyRow): TemplateResult {
  const when = fullTime(newest.madeAt);
  return html`<li>
    ${icon(newest.damaged.length > 0 ? 'circle-alert' : 'archive')}
    <div>
      <strong>${contentText(newest.counts)}</strong>
      <p class="hint">As of ${when}, on <bdi>${newest.device.name || 'an unnamed device'}</bdi>${backups > 1 ? html`; ${count(backups, 'backup')} in all` : nothing}${newest.damaged.length > 0 ? '. Damaged' : nothing}</p>
    </div>
    <button ?disabled=${disabled} aria-label="Bring back the work of ${when}" @click=${bring}>${icon('archive-restore')}Bring back…</button>
    ${remove ? html`<action-menu subject=${when} .items=${[{ label: 'Remove', icon: 'trash-2', tone: 'danger', act: remove }]}></action-menu>` : nothing}
  </li>`;
}
