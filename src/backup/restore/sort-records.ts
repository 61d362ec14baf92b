/** Puts records of any order into that of their keys, however many there are: sorted runs in a temporary file, which are then read side by side. */
import { type BackupRecord, compareKeys, readRecord, recordLine } from '#backup/format/record.ts';
import type { TempFiles } from '#backup/format/temp-files.ts';
import type { Json } from '#core/json.ts';
import { toUtf8 } from '#core/utf8.ts';

/** Code units of records that are sorted in memory at once. */
const RUN_CHARS = 16 * 1024 * 1024;
/** Read of each run at a time. */
const STEP_BYTES = 256 * 1024;

interface Run {
  readonly from: number;
  readonly to: number;
}

/** Gives them sorted, once. The temporary file is gone when they have been read, or whoever reads them stops. */
export async function* sortRecords(
  records: AsyncIterable<BackupRecord>,
  temp: TempFiles,
  runChars = RUN_CHARS,
): AsyncGenerator<BackupRecord, void> {
  const file = await temp.create();
  try {
    const writer = file.sink.getWriter();
    const runs: Run[] = [];
    let held: { readonly record: BackupRecord; readonly line: string }[] = [];
    let chars = 0;
    let at = 0;
    const flush = async (): Promise<void> => {
      const from = at;
      for (const { line } of held.sort((a, b) => compareKeys(a.record, b.record))) {
        const bytes = toUtf8(`${line}\n`);
        at += bytes.length;
        await writer.write(bytes);
      }
      if (held.length > 0) runs.push({ from, to: at });
      held = [];
      chars = 0;
    };
    for await (const record of records) {
      const line = recordLine(record);
      held.push({ record, line });
      chars += line.length;
      if (chars >= runChars) await flush();
    }
    await flush();
    await writer.close();
    const whole = await file.finish();
    yield* mergeRuns(runs.map(({ from, to }) => readRun(whole.slice(from, to))));
  } finally {
    await file.discard();
  }
}

async function* readRun(blob: Blob): AsyncGenerator<BackupRecord, void> {
  let rest = new Uint8Array();
  for (let at = 0; at < blob.size; ) {
    const bytes = new Uint8Array(await blob.slice(at, at + STEP_BYTES).arrayBuffer());
    at += bytes.length;
    const joined = new Uint8Array(rest.length + bytes.length);
    joined.set(rest);
    joined.set(bytes, rest.length);
    const end = joined.lastIndexOf(0x0a) + 1;
    rest = joined.slice(end);
    if (end === 0) continue;
    for (const line of new TextDecoder().decode(joined.subarray(0, end)).split('\n')) {
      const record = line === '' ? null : readRecord(JSON.parse(line) as Json);
      if (record?.ok) yield record.value;
    }
  }
}

async function* mergeRuns(runs: readonly AsyncGenerator<BackupRecord, void>[]): AsyncGenerator<BackupRecord, void> {
  const heads = await Promise.all(runs.map(async (run) => ({ run, next: await run.next() })));
  for (;;) {
    const open = heads.flatMap((head) => (head.next.done ? [] : [{ head, record: head.next.value }]));
    const [first, ...others] = open;
    if (!first) return;
    const least = others.reduce((a, b) => (compareKeys(b.record, a.record) < 0 ? b : a), first);
    yield least.record;
    least.head.next = await least.head.run.next();
  }
}
