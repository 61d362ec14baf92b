/** The root of the export worker: it makes an archive beside the page, and ends with it. */
import { expose } from 'comlink';
import type { ExportWorkerApi } from '#backup/export-api.ts';
import { type ExportProgress, exportZip } from '#backup/export-zip.ts';
import { mintId } from '#core/ids.ts';
import { err, ok } from '#core/result.ts';
import { systemClock, systemRandom } from '#platform/system.ts';
import { createArchiveFile, removeArchives } from '#store/archive-file.ts';
import { toKvError } from '#store/kv/kv-error.ts';

/** A person sees no more of it than this: each message is work for the page. */
const NEWS_MS = 100;

function gathered(tell: (progress: ExportProgress) => Promise<void>): (progress: ExportProgress) => void {
  let said = { at: Number.NEGATIVE_INFINITY, phase: '' };
  return (progress) => {
    const now = systemClock.now();
    if (progress.phase === said.phase && Math.abs(now - said.at) < NEWS_MS) return;
    said = { at: now, phase: progress.phase };
    void tell(progress);
  };
}

const api: ExportWorkerApi = {
  async exportZip(port, withFiles) {
    await removeArchives(systemClock.now()).catch(() => {});
    const archive = await createArchiveFile(`${mintId(systemClock.now(), systemRandom)}.zip`);
    const stopping = new AbortController();
    const files = withFiles ? { read: port.readFile, fetch: port.fetchFile } : null;
    const source = { list: port.list, count: port.count, files };
    try {
      const tell = gathered((progress) =>
        port.progress(progress).then((goesOn) => {
          if (!goesOn) stopping.abort();
        }),
      );
      const written = await exportZip(source, archive.sink, stopping.signal, tell);
      if (written.ok) return ok({ ...written.value, blob: await archive.finish() });
      await archive.discard();
      return written;
    } catch (error) {
      await archive.discard();
      return stopping.signal.aborted ? ok(null) : err(toKvError(error));
    }
  },
};

expose(Object.freeze(api));
