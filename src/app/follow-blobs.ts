/**
 * The page's part in the sending of files: their numbers are read when one has moved, and a run that has ended early is followed by
 * another. How far a large one is can be watched. Who sends is whoever drains (`sync-driver.ts`), behind the words.
 */
import type { BlobNews, SendingFile } from '#core/channels.ts';
import type { Channel, Clock } from '#core/ports.ts';
import type { StoreSummary } from '#store/store.ts';
import { createSource, type Observable } from './observable.ts';
import type { SyncDriver } from './sync-driver.ts';

/** A run that was cut is followed after this, and one that has failed no later than after that. */
const SOONEST_MS = 1000;
const LATEST_MS = 60 * 60_000;
/** Of a sender that has said nothing for so long nobody knows whether it goes on: a part takes a few seconds. */
const SILENT_MS = 2 * 60_000;

export interface FollowBlobsOptions {
  readonly clock: Pick<Clock, 'now' | 'setTimer'>;
  readonly channel: Pick<Channel<BlobNews>, 'onMessage'>;
  readonly driver: Pick<SyncDriver, 'summary' | 'drain' | 'onFilesMoved'>;
}

/** Gives the large file that is on its way now; null where none is known to be. */
export function followBlobs({ clock, channel, driver }: FollowBlobsOptions): Observable<SendingFile | null> {
  const sending = createSource<SendingFile | null>(null);
  let cancelSilence: (() => void) | null = null;
  const noteSending = (file: SendingFile | null): void => {
    cancelSilence?.();
    cancelSilence = file && clock.setTimer(SILENT_MS, () => sending.set(null));
    sending.set(file);
  };
  let cancel: (() => void) | null = null;
  let hasEnded = false;
  /** What was left when a run that had ended well was last followed by another: the same is not asked for again and again. */
  let followed = '';
  const askIn = (ms: number): void => {
    cancel?.();
    cancel = clock.setTimer(Math.min(LATEST_MS, Math.max(SOONEST_MS, ms)), () => driver.drain());
  };
  /** What was added while a run looked for the last time has met one that was still under way. */
  const followUp = ({ files }: StoreSummary): void => {
    hasEnded = false;
    const left = files.waiting > files.refused ? JSON.stringify(files) : '';
    if (left !== '' && left !== followed) askIn(0);
    followed = left;
  };
  driver.summary.subscribe((summary) => {
    if (hasEnded && summary) followUp(summary);
  });
  channel.onMessage((news) => {
    if (news.type === 'here') return;
    if (news.type === 'sending') return noteSending({ hash: news.hash, sent: news.sent, size: news.size });
    if (news.type === 'waiting') return askIn(0);
    if (news.type === 'ended' && news.retryAt !== null) askIn(news.retryAt - clock.now());
    hasEnded = news.type === 'ended' && news.retryAt === null;
    noteSending(null);
    driver.onFilesMoved();
  });
  return sending;
}
