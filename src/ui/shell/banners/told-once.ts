import type { App } from '#app/app.ts';
import { readFields } from '#core/entity.ts';
import { HINTS_ID, hints } from '#entities/hints.ts';

/** What a device that is new to its account is asked or told once: to go on from another device, and what is here. */
export type Once = 'continue' | 'arrival';

/** As it is kept among the hints that were put away: it holds for this device alone. */
export const onceId = (once: Once, deviceId: string): string => `${once}:${deviceId}`;

/** Whether this device has been asked or told; undefined where that cannot be read now. */
export async function wasTold(app: Pick<App, 'get' | 'deviceId'>, once: Once): Promise<boolean | undefined> {
  const seen = await app.get('hints', HINTS_ID);
  return seen.ok ? (seen.value?.fields.dismissed ?? []).includes(onceId(once, app.deviceId)) : undefined;
}

/** Keeps that it was. Where that fails it is asked or told again after the next start. */
export async function keepTold(app: Pick<App, 'patchBy' | 'deviceId'>, once: Once): Promise<void> {
  const id = onceId(once, app.deviceId);
  await app.patchBy('hints', HINTS_ID, (fields) => {
    const { dismissed } = readFields(hints, fields);
    return dismissed.includes(id) ? null : { dismissed: [...dismissed, id] };
  });
}
