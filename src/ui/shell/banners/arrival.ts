import type { App } from '#app/app.ts';
import type { DeviceList } from '#core/account-protocol.ts';
import { documentKinds, listWords } from '#entities/documents.ts';
import type { Shell } from '#ui/shell/shell.ts';
import { clockTime, count } from '#ui/text/time-text.ts';
import { keepTold, wasTold } from './told-once.ts';

type Device = DeviceList['devices'][number];

/**
 * On a device that has just entered an account: says once, when the first sync has ended, what is here, and where there may be more.
 * Nothing where the account has no other device, or another tab or an earlier start has said it. Gives the end of the waiting.
 */
export function sayArrival(app: App, shell: Pick<Shell, 'notify'>): () => void {
  let isSaid = false;
  return app.syncState.subscribe(({ type }) => {
    if (type !== 'synced' || isSaid) return;
    isSaid = true;
    void say(app, shell);
  });
}

async function say(app: App, shell: Pick<Shell, 'notify'>): Promise<void> {
  const devices = await app.account.devices();
  const others = devices.ok ? devices.value.devices.filter(({ current }) => !current) : [];
  const latest = [...others].sort((one, other) => other.lastSeenAt - one.lastSeenAt)[0];
  // Unreadable is not unsaid: the next start says it.
  if (!latest || (await wasTold(app, 'arrival')) !== false) return;
  await keepTold(app, 'arrival');
  const counts = await Promise.all(
    documentKinds().map(async ({ kind, nouns }) => ({ nouns, found: await app.count(kind, 'live') })),
  );
  const amounts = counts.flatMap(({ nouns, found }) => (found.ok ? [{ amount: found.value, nouns }] : []));
  shell.notify({ text: arrivalText(amounts, latest, Date.now()), isLong: true });
}

interface Amount {
  readonly amount: number;
  readonly nouns: { readonly one: string; readonly many: string };
}

/** *32 notes and 7 chats are here. Chrome on Linux was last seen at 07:46; what was written there since comes when it is online.* */
export function arrivalText(
  amounts: readonly Amount[],
  { name, lastSeenAt }: Pick<Device, 'name' | 'lastSeenAt'>,
  nowMs: number,
): string {
  const some = amounts.filter(({ amount }) => amount > 0);
  const total = some.reduce((sum, { amount }) => sum + amount, 0);
  const here = some.length === 0 ? 'Nothing' : listWords(some.map(({ amount, nouns }) => count(amount, nouns.one, nouns.many)));
  return `${here} ${total > 1 ? 'are' : 'is'} here. ${name} was last seen at ${clockTime(lastSeenAt, nowMs)}; what was written there since comes when it is online.`;
}
