/** The root of the export worker: it makes an archive beside the page, and ends with it. */
import { expose } from 'comlink';
import type { ExportWorkerApi } from '#backup/export-api.ts';
import { type ExportProgress, exportZip } from '#backup/export-zip.ts';
import { mintId } from '#core/ids.ts';
import { err, ok } from '#core/result.ts';
import { systemClock, systemRandom } from '#platform/system.ts';
import { createArchiveFile, removeArchives } from '#store/archive-file.ts';
import { toKvError } from '#store/kv/kv-error.ts';
import { watching } from './watching.ts';

const api: ExportWorkerApi = {
  async exportZip(port, withFiles) {
    await removeArchives(systemClock.now()).catch(() => {});
    const archive = await createArchiveFile(`${mintId(systemClock.now(), systemRandom)}.zip`);
    const { signal, tell } = watching<ExportProgress>(port.progress);
    const files = withFiles ? { read: port.readFile, fetch: port.fetchFile } : null;
    const source = { list: port.list, count: port.count, files };
    try {
      const written = await exportZip(source, archive.sink, signal, tell);
      if (written.ok) return ok({ ...written.value, blob: await archive.finish() });
      await archive.discard();
      return written;
    } catch (error) {
      await archive.discard();
      return signal.aborted ? ok(null) : err(toKvError(error));
    }
  },
};

expose(Object.freeze(api));
