/** What a person can decide about a restore, in words. */
import { html, type TemplateResult } from 'lit';
import type { LeftOut, PlanCounts, PlannedEntity, RestoreChoice, RestoreInfo, RestoreWay } from '#core/restores.ts';
import { count } from '#ui/text/time-text.ts';

export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly choice: Pick<RestoreChoice, 'way' | 'skipNewer'>;
}

/** For everything. */
export const choices: readonly Choice[] = [
  {
    id: 'merge',
    label: 'Merge',
    hint: 'Of each part the newer words win. What was deleted comes back.',
    choice: { way: 'merge', skipNewer: false },
  },
  {
    id: 'skip',
    label: 'Only what is missing or older here',
    hint: 'Whatever was edited or deleted after the backup stays as it is.',
    choice: { way: 'merge', skipNewer: true },
  },
  {
    id: 'overwrite',
    label: 'As it was then',
    hint: 'Where they differ the backup wins. What is not in it stays.',
    choice: { way: 'overwrite', skipNewer: false },
  },
  {
    id: 'copy',
    label: 'Keep both',
    hint: 'What differs comes as a document of its own, with the backup’s day in its title. What is here stays as it is.',
    choice: { way: 'copy', skipNewer: false },
  },
];

const ways: readonly (readonly [way: RestoreWay, label: string])[] = [
  ['merge', 'Merge'],
  ['overwrite', 'As it was then'],
  ['copy', 'Keep both'],
  ['skip', 'Leave as it is'],
];

/** For a kind, or for one entity: null is whatever was decided above it. */
export function waySelect(name: string, chosen: RestoreWay | undefined, onWay: (way: RestoreWay | null) => void): TemplateResult {
  return html`<select aria-label="What becomes of ${name}" @change=${({ target }: Event) => {
    const { value } = target as HTMLSelectElement;
    onWay(ways.find(([way]) => way === value)?.[0] ?? null);
  }}>
    <option value="" ?selected=${chosen === undefined}>As chosen above</option>
    ${ways.map(([way, label]) => html`<option value=${way} ?selected=${way === chosen}>${label}</option>`)}
  </select>`;
}

/** The ways with one more said, or taken back. */
export function withWay(
  before: { readonly [key: string]: RestoreWay },
  key: string,
  way: RestoreWay | null,
): { readonly [key: string]: RestoreWay } {
  const others = Object.fromEntries(Object.entries(before).filter(([one]) => one !== key));
  return way === null ? others : { ...others, [key]: way };
}

export const columns: readonly (readonly [name: keyof PlanCounts, label: string])[] = [
  ['added', 'Added'],
  ['copied', 'Added beside'],
  ['revived', 'Back from deletion'],
  ['changed', 'Changed'],
  ['newerHere', 'Stay as here'],
  ['same', 'The same'],
  ['leftOut', 'Left out'],
];

const types: { readonly [T in Exclude<PlannedEntity['type'], 'left-out'>]: string } = {
  added: 'is added',
  copied: 'comes beside the one that is here',
  revived: 'comes back',
  changed: 'is changed',
  'newer-here': 'stays: it is newer here',
  kept: 'stays as it is here',
};

const reasons: { readonly [W in LeftOut]: string } = {
  chosen: 'as you chose',
  'newer-app': 'a newer version of Holdfast wrote it',
  unreadable: 'it cannot be read',
  'other-device': 'it belongs to another device',
  'not-words': 'the app keeps it for itself',
};

/** What has come of the undo of a restore. */
export const takenBackText = ({ keptEdited }: Pick<RestoreInfo, 'keptEdited'>): string =>
  keptEdited === 0
    ? 'Everything is as it was before the restore.'
    : `Taken back. ${count(keptEdited, 'entry', 'entries')} that you have edited since stayed.`;

/** What would become of it. */
export const outcomeOf = ({ type, why }: PlannedEntity): string =>
  type === 'left-out' ? `is left out: ${reasons[why ?? 'chosen']}` : types[type];
