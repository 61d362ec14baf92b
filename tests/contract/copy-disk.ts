/** What a disk of the second copy promises, over whichever store of the browser. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CopyDisk } from '#store/second-copy/disk.ts';

export function describeCopyDisk(name: string, open: () => Promise<CopyDisk>): void {
  describe(`a disk over ${name}`, () => {
    const folder = `folder-${crypto.randomUUID()}`;
    let disk: CopyDisk;
    beforeEach(async () => {
      disk = await open();
    });
    afterEach(() => disk.removeFolder(folder));

    test('what is appended is read back, by this context and by the next, in order', async () => {
      const file = await disk.open(folder, '1.log');
      await file.append('one ');
      await file.append('zwei äöü 🌱\n');
      expect(await file.bytes).toBe(21);
      await file.sync();
      expect(await disk.read(folder, '1.log')).toBe('one zwei äöü 🌱\n');
      await file.close();
      const again = await (await open()).open(folder, '1.log');
      expect(await again.bytes).toBe(21);
      await again.append('three');
      await again.close();
      expect(await disk.read(folder, '1.log')).toBe('one zwei äöü 🌱\nthree');
    });

    test('a file that was cleared is empty and takes more', async () => {
      const file = await disk.open(folder, '1.log');
      await file.append('gone');
      await file.clear();
      expect(await file.bytes).toBe(0);
      await file.append('kept');
      expect(await disk.read(folder, '1.log')).toBe('kept');
      await file.close();
    });

    test('folders and files are listed by age of their names, and go one by one', async () => {
      for (const name of ['2.log', '1.log']) {
        const file = await disk.open(folder, name);
        await file.append(name);
        await file.close();
      }
      expect(await disk.folders()).toContain(folder);
      expect(await disk.files(folder)).toEqual(['1.log', '2.log']);
      await disk.removeFile(folder, '1.log');
      expect(await disk.files(folder)).toEqual(['2.log']);
      await disk.removeFolder(folder);
      expect(await disk.files(folder)).toEqual([]);
      await disk.removeFolder(folder);
    });
  });
}
