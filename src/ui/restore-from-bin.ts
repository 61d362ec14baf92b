import type { App } from '#app/app.ts';
import { BINNED_AT } from '#core/entity.ts';

/** Takes an entity of any kind out of the bin. */
export const restoreFromBin = (app: App, kind: string, id: string): ReturnType<App['patch']> =>
  app.patch(kind, id, { [BINNED_AT]: null });
