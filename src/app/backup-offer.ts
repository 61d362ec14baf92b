/** Looks whether a file that came without a question is a backup: by what is in it, never by its name. */
import { FORMAT } from '#backup/format/head.ts';
import { SNIFF_BYTES, sniffForm } from '#backup/format/sniff.ts';

/** The end of an archive has its list: of a backup some kB, of one with very many files a beginning of it. */
const TAIL_BYTES = 1024 * 1024;
/** What the list of an archive calls the document of a backup, and the lists of the export before there were backups. */
const DOCUMENT = /backup\.(?:json|yaml)|data\/[a-z][a-z0-9-]{0,39}\.json/;

const textOf = async (blob: Blob): Promise<string> => new TextDecoder('latin1').decode(await blob.arrayBuffer());

/** Never throws: a file that cannot be read is none. Reads the beginning and the end of it. */
export async function isBackupFile(file: Blob): Promise<boolean> {
  try {
    const form = sniffForm(new Uint8Array(await file.slice(0, SNIFF_BYTES).arrayBuffer()));
    if (form === 'age') return true;
    if (form !== 'zip' && form !== 'json' && form !== 'yaml') return false;
    const tail = await textOf(file.slice(Math.max(0, file.size - TAIL_BYTES)));
    if (form === 'zip') return DOCUMENT.test(tail);
    // An editor that sorts members leaves the head behind the records.
    return tail.includes(FORMAT) || (await textOf(file.slice(0, SNIFF_BYTES))).includes(FORMAT);
  } catch {
    return false;
  }
}
