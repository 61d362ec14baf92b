/** Restores of other devices that this one has taken in, for the banner: read when one may have come. */

import type { KeyPair } from '#core/entity-key.ts';
import type { RestoreElsewhere } from '#core/restores.ts';
import type { Backups } from './backups.ts';
import { createSource, type Observable } from './observable.ts';

export interface RestoresElsewhere {
  /** Those that the person has not put away, the newest first. */
  readonly list: Observable<readonly RestoreElsewhere[]>;
  putAway(id: string): void;
}

export interface RestoresElsewhereOptions {
  readonly backups: Pick<Backups, 'restoresElsewhere' | 'putAwayRestore' | 'onNews'>;
  readonly onChange: (listener: (keys: readonly KeyPair[] | null) => void) => () => void;
}

/** A start has more urgent things to read. */
const LATER_MS = 3000;

export function followRestoresElsewhere({ backups, onChange }: RestoresElsewhereOptions): RestoresElsewhere {
  const list = createSource<readonly RestoreElsewhere[]>([]);
  const read = async (): Promise<void> => {
    const found = await backups.restoresElsewhere();
    if (found.ok) list.set(found.value);
  };
  setTimeout(() => {
    void read();
    onChange((keys) => {
      if (keys === null || keys.some(([kind]) => kind === 'bulk-restore')) void read();
    });
    backups.onNews(() => void read());
  }, LATER_MS);
  return {
    list,
    putAway(id) {
      list.set(list.value.filter((one) => one.id !== id));
      void backups.putAwayRestore(id);
    },
  };
}
