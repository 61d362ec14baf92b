/** The backups that lie in the browser of a page, as anybody finds them who knows nothing of its databases. */
import type { Page } from '@playwright/test';

export interface FoundBackup {
  readonly workspace: string;
  readonly localSeq: number;
  readonly counts: { readonly [kind: string]: { readonly live: number; readonly binned: number } };
  /** All of its records, as they lie. */
  readonly text: string;
}

/** The newest first. */
export const backupsIn = (page: Page): Promise<readonly FoundBackup[]> =>
  page.evaluate(async () => {
    const unpack = async (file: Blob): Promise<string> =>
      new Response(file.stream().pipeThrough(new DecompressionStream('gzip'))).text();
    const origin = await navigator.storage.getDirectory();
    const root = await origin.getDirectoryHandle('holdfast-backups', { create: true });
    const found: { id: string; workspace: string; localSeq: number; counts: FoundBackup['counts']; text: string }[] = [];
    for await (const folder of root.values()) {
      if (folder.kind !== 'directory') continue;
      const parts = await folder.getDirectoryHandle('parts').catch(() => null);
      for await (const list of folder.values()) {
        if (list.kind !== 'file' || !list.name.endsWith('.json.gz')) continue;
        const { id, workspace, localSeq, counts, parts: named } = JSON.parse(await unpack(await list.getFile()));
        const texts: string[] = [];
        for (const { hash } of named) {
          const within = await parts?.getDirectoryHandle(hash.slice(0, 2));
          const part = await within?.getFileHandle(hash);
          if (part) texts.push(await unpack(await part.getFile()));
        }
        found.push({ id, workspace, localSeq, counts, text: texts.join('') });
      }
    }
    return found.sort((a, b) => (a.id < b.id ? 1 : -1));
  });

/** Changes some bytes in the middle of every part of every backup, or of so many. */
export const damageBackups = (page: Page, most = Number.MAX_SAFE_INTEGER): Promise<void> =>
  page.evaluate(async (parts) => {
    let left = parts;
    const origin = await navigator.storage.getDirectory();
    const damage = async (folder: FileSystemDirectoryHandle, isParts: boolean): Promise<void> => {
      for await (const handle of folder.values()) {
        if (handle.kind === 'directory') await damage(handle, isParts || handle.name === 'parts');
        else if (isParts && left-- > 0) {
          const { size } = await handle.getFile();
          const file = await handle.createWritable({ keepExistingData: true });
          await file.write({ type: 'write', position: Math.floor(size / 2), data: new Uint8Array([1, 2, 3, 4]) });
          await file.close();
        }
      }
    };
    await damage(await origin.getDirectoryHandle('holdfast-backups'), false);
  }, most);
