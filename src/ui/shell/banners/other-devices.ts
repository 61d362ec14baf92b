/** Where the other devices of the account were: their layouts come with the sync, though only their own device writes them. */

import type { App, EntityView } from '#app/app.ts';
import type { Fields } from '#core/entity.ts';
import { type DeviceId, deviceOf } from '#core/ids.ts';
import type { FieldsOfKind } from '#entities/index.ts';
import type { Layout } from '#ui/shell/layout.ts';
import { readKeptTabs } from '#ui/shell/tabs/kept-tabs.ts';

export interface OtherDevice {
  readonly deviceId: DeviceId;
  /** As it is in the list of devices; empty where that cannot be asked now. */
  readonly name: string;
  readonly lastUsedAt: number;
  readonly openDocuments: number;
  readonly layout: FieldsOfKind<'layout'>;
}

/** More devices than a person would tell apart by name and time. */
const MAX = 20;

/** The devices that left open documents behind, the one used last first. */
export async function findOtherDevices(app: App): Promise<readonly OtherDevice[]> {
  const layouts = await app.list({ kind: 'layout', limit: MAX });
  if (!layouts.ok) return [];
  const others = layouts.value.items.filter(({ id, fields }) => id !== app.deviceId && countTabs(fields) > 0);
  if (others.length === 0) return [];
  const answer = await app.account.devices();
  const names = new Map(answer.ok ? answer.value.devices.map(({ deviceId, name }) => [deviceId, name] as const) : []);
  return others.map((view) => toDevice(view, names.get(deviceOf(view.id)) ?? ''));
}

const countTabs = ({ tabs }: FieldsOfKind<'layout'>): number => Object.keys(readKeptTabs(tabs)).length;

function toDevice({ id, fields, updatedAt }: EntityView<'layout'>, name: string): OtherDevice {
  return { deviceId: deviceOf(id), name, lastUsedAt: updatedAt, openDocuments: countTabs(fields), layout: fields };
}

/**
 * Goes on where another device was: tabs, sizes, positions, the palette's memory and unsent prompts. What this device
 * has of its own stays; prompts that wait for the other one's network are left to it, or they would be asked twice.
 */
export async function continueFrom(app: App, layout: Layout, { deviceId, layout: fields }: OtherDevice): Promise<void> {
  layout.takeOver(fields);
  await Promise.all([
    copyMissing(app, 'command-state', deviceId, ['history', 'lastCommand', 'unsentText']),
    copyMissing(app, 'chat-desk', deviceId, ['drafts', 'images', 'branches']),
  ]);
}

async function copyMissing(app: App, kind: string, from: string, fields: readonly string[]): Promise<void> {
  const [theirs, mine] = await Promise.all([app.get(kind, from), app.get(kind, app.deviceId)]);
  if (!theirs.ok || !mine.ok || !theirs.value) return;
  const patch = missingValues(theirs.value.fields, mine.value?.fields ?? {}, fields);
  if (Object.keys(patch).length > 0) await app.patch(kind, app.deviceId, patch);
}

/** The values of `theirs` that `mine` lacks: whole fields, and members of maps. */
export function missingValues(theirs: Fields, mine: Fields, fields: readonly string[]): Fields {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const there = theirs[field] ?? null;
      const here = mine[field] ?? null;
      if (there === null) return [];
      if (isMap(there) && isMap(here)) {
        const isMore = Object.keys(there).some((key) => !(key in here));
        return isMore ? [[field, { ...there, ...here }]] : [];
      }
      const isEmpty = here === null || here === '' || (Array.isArray(here) && here.length === 0);
      return isEmpty && there !== '' ? [[field, there]] : [];
    }),
  );
}

const isMap = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
