/** The second disk of a device, as one context has it: every call passes the scheduler before and after its effect. */
import type { CopyDisk } from '#store/second-copy/disk.ts';
import type { Actor, Scheduler } from './scheduler.ts';

export function connectCopyDisk(disk: CopyDisk, scheduler: Scheduler, actor: Actor): CopyDisk {
  const step = async <V>(label: string, work: () => Promise<V>): Promise<V> => {
    await scheduler.gate(actor, `copy ${label}`);
    const value = await work();
    await scheduler.gate(actor, `copy ${label} done`);
    return value;
  };
  return {
    folders: () => step('folders', () => disk.folders()),
    files: (folder) => step('files', () => disk.files(folder)),
    read: (folder, file) => step('read', () => disk.read(folder, file)),
    async open(folder, file) {
      const opened = await step('open', async () => {
        const place = await disk.open(folder, file);
        // A context that dies lets go of its files.
        actor.onKill(() => place.close());
        return place;
      });
      return {
        get bytes() {
          return opened.bytes;
        },
        append: (text) => step('append', () => opened.append(text)),
        sync: () => step('sync', () => opened.sync()),
        clear: () => step('clear', () => opened.clear()),
        close: () => opened.close(),
      };
    },
    removeFile: (folder, file) => step('remove', () => disk.removeFile(folder, file)),
    removeFolder: (folder) => step('remove', () => disk.removeFolder(folder)),
  };
}
