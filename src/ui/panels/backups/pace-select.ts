import { html, type TemplateResult } from 'lit';
import { BACKUP_PACES, type BackupPace } from '#core/backup-places.ts';

const paces: { readonly [P in BackupPace]: string } = {
  '15': 'Every 15 minutes',
  '30': 'Every 30 minutes',
  '60': 'Every hour',
  daily: 'Once a day',
};

export interface PaceSelect {
  readonly value: BackupPace;
  /** What it is about, where its place does not say. */
  readonly label: string;
  readonly disabled?: boolean;
  readonly onChange: (pace: BackupPace) => void;
}

/** How often backups are made. */
export function paceSelect({ value, label, disabled = false, onChange }: PaceSelect): TemplateResult {
  const change = (event: Event): void => {
    const pace = BACKUP_PACES.find((one) => one === (event.target as HTMLSelectElement).value);
    if (pace) onChange(pace);
  };
  return html`<label class="row">
    <span>Schedule</span>
    <select aria-label=${label} ?disabled=${disabled} @change=${change}>
      ${BACKUP_PACES.map((pace) => html`<option value=${pace} ?selected=${pace === value}>${paces[pace]}</option>`)}
    </select>
  </label>`;
}
