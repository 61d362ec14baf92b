/** What is said to the person when the browser has deleted this app's storage: under this tab, or before it started. */
import type { OpenedWorkspace } from '#store/calls/worker-api.ts';
import { createSource, type Observable } from './observable.ts';
import type { UnsavedDocument } from './tab-guard.ts';

type Recovered = NonNullable<OpenedWorkspace['recovered']>;

export type StorageNotice =
  /** Under this tab: nothing more can be saved here. */
  | {
      readonly type: 'gone';
      /** What is open in this tab, as it is on the screen. */
      readonly documents: () => readonly UnsavedDocument[];
    }
  /** Before a start: what came back. */
  | (Recovered & { readonly type: 'recovered'; readonly putAway: () => void });

export interface StorageWatch {
  readonly notice: Observable<StorageNotice | null>;
  readonly onGone: () => void;
}

export interface StorageWatchOptions {
  readonly recovered: Recovered | null;
  /** The person has read what was recovered. */
  readonly forgetRecovered: () => void;
  readonly documents: () => readonly UnsavedDocument[];
}

export function watchStorage({ recovered, forgetRecovered, documents }: StorageWatchOptions): StorageWatch {
  const putAway = (): void => {
    forgetRecovered();
    if (notice.value?.type === 'recovered') notice.set(null);
  };
  const notice = createSource<StorageNotice | null>(recovered && { ...recovered, type: 'recovered', putAway });
  return {
    notice,
    onGone() {
      if (notice.value?.type !== 'gone') notice.set({ type: 'gone', documents });
    },
  };
}
