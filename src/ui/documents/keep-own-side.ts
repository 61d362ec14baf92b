import type { App, EntitySession } from '#app/app.ts';
import type { Undoable } from '#app/status/status-service.ts';
import { failureNotice } from '#ui/parts/failure-notice.ts';
import type { Shell } from '#ui/shell/shell.ts';

/** Decides what is undecided of an open document by what this device has written, and says so, with Undo. */
export async function keepOwnSide(app: App, shell: Shell, session: EntitySession): Promise<void> {
  await session.flush();
  const status = await app.status().catch(() => null);
  if (!status) return shell.notify(failureNotice('Not decided', { type: 'WorkerLost', reason: 'the code did not load' }));
  const decided: Undoable[] = [];
  const undo = async (): Promise<void> => {
    for (const each of decided.toReversed()) await each.undo();
  };
  for (const { conflict, side, value } of session.sides?.own() ?? []) {
    const result = await status.decide(conflict, side, value);
    if (!result.ok) {
      shell.notify(failureNotice('Not decided', result.error));
      return;
    }
    decided.push(result.value);
  }
  shell.notify({ text: 'Your side is kept', undo: () => void undo() });
}
