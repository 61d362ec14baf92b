/** A backup file that is imported into an empty workspace and exported again is the same file, to the byte: in each form, with its pictures and files. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BackupRecord, compareKeys } from '#backup/format/record.ts';
import { openBackup } from '#backup/kept/open-backup.ts';
import { writeBackup } from '#backup/out/write-backup.ts';
import { bringFile } from '#backup/restore/bring-file.ts';
import type { BackupForm, DownloadChoice } from '#core/backups.ts';
import { blobReference } from '#core/blobs.ts';
import { formatStamp } from '#core/clock.ts';
import { canonicalJson } from '#core/json.ts';
import { err, ok } from '#core/result.ts';
import { ledger } from '#entities/index.ts';
import { aHead, collectBytes, headOf, linesOf } from '#support/backup-content.ts';
import { aFile, blobOf } from '#support/backup-file.ts';
import { bringPorts } from '#support/bring-ports.ts';
import { hardText } from '#support/hard-texts.ts';
import { must } from '#support/memory-workspace.ts';
import { runs } from '#support/property-runs.ts';
import { MERGE, openRestoresWorld } from '#support/restores-world.ts';

const file = aFile('a picture', 'png');
const text = fc.oneof(hardText, fc.constant(`![a leaf](${blobReference(file.hash, 'png')})`));
const unknown = fc.dictionary(
  hardText.filter((name) => name !== '__proto__' && name !== 'binnedAt'),
  fc.oneof(hardText, fc.jsonValue()),
  { maxKeys: 3, noNullPrototype: true },
);
const binnedAt = fc.option(fc.integer({ min: 1, max: 1_790_000_000_000 }), { nil: null });
const id = (n: number): string => `01990000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

/** Documents with what belongs to them, settings, and a kind that only another version knows. */
const entities = fc.tuple(
  fc.array(fc.record({ title: text, text, tags: fc.uniqueArray(hardText, { maxLength: 3 }), binnedAt, starred: fc.boolean() }), {
    maxLength: 4,
  }),
  fc.array(fc.record({ title: text, binnedAt, messages: fc.array(text, { maxLength: 3 }) }), { maxLength: 2 }),
  fc.array(unknown, { maxLength: 2 }),
);
type Entities = typeof entities extends fc.Arbitrary<infer E> ? E : never;

function recordsOf([notes, chats, boards]: Entities, at: readonly number[]): readonly BackupRecord[] {
  let n = 0;
  const record = (kind: string, fields: object): BackupRecord => {
    n += 1;
    const sound = JSON.parse(canonicalJson(fields as never)) as BackupRecord['fields'];
    const stamp = (field: number) =>
      formatStamp({ ms: 1_780_000_000_000 + (at[(n + field) % at.length] ?? 0), counter: field, tag: 'badcafe0' });
    const stamps = Object.fromEntries(Object.keys(sound).map((field, index) => [field, stamp(index)]));
    return { kind, id: id(n), v: ledger.get(kind)?.version ?? 3, fields: sound, stamps };
  };
  const families = chats.flatMap(({ messages, ...chat }) => {
    const own = record('chat', chat);
    const of = messages.map((words, at) =>
      record('message', { chatId: own.id, role: 'user', text: words, createdAt: at, binnedAt: null }),
    );
    return [own, ...of];
  });
  const others = boards.filter((board) => !canonicalJson(board as never).includes('"__proto__"'));
  return [...notes.map((note) => record('note', note)), ...families, ...others.map((board) => record('board', board))].sort(
    compareKeys,
  );
}

/** What the file says of itself and of the workspace that it is from: no import makes these. */
const about = { ...aHead, account: aHead.account ?? '', madeAt: Date.parse(aHead.madeAt) };

async function write(
  choice: DownloadChoice,
  counts: typeof aHead.counts,
  lines: () => AsyncIterable<string>,
  files: ReadonlyMap<string, Blob>,
  records: number,
): Promise<Blob> {
  const manifest = { ...about, counts, records, blobs: [{ file: `files/${file.hash}`, size: null }] };
  const read = async (hash: string) => ok(files.get(hash) ?? null);
  const { sink, blob } = collectBytes();
  const source = { manifest, lines, ledger, files: { read, fetch: async () => err({ type: 'BlobMissing' } as const) } };
  await writeBackup(source, sink, { choice, step: () => {} });
  return blob();
}

/** The note that a restore leaves of itself. */
const isOwn = (kind: string): boolean => kind === 'bulk-restore';

async function importAndExport(given: Blob, form: BackupForm): Promise<Blob> {
  const world = await openRestoresWorld();
  const files = new Map<string, Blob>();
  const brought = await bringFile(
    new File([given], `backup.${form}`),
    {},
    {
      ...bringPorts(world),
      putFile: async (hash, bytes) => void files.set(hash, await blobOf(bytes)),
    },
  );
  if (brought.type !== 'brought') throw new Error(JSON.stringify(brought));
  must(await world.restore(brought.backup.id, MERGE));
  const made = await world.kept.find(must(await world.backUp('asked')).id);
  const counts = Object.fromEntries(Object.entries(made.counts).filter(([kind]) => !isOwn(kind)));
  const lines = async function* (): AsyncGenerator<string> {
    for await (const line of openBackup(world.place, made).lines())
      if (!isOwn((JSON.parse(line) as BackupRecord).kind)) yield line;
  };
  return write({ form }, counts, lines, files, made.records);
}

test.each(['json', 'yaml', 'zip'] as const)('the export of an import is the same bytes: %s', async (form) => {
  await fc.assert(
    fc.asyncProperty(entities, fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 9 }), async (all, at) => {
      const records = recordsOf(all, at);
      const { counts } = headOf(records);
      const files = new Map([[file.hash, file.bytes]]);
      const given = await write({ form }, counts, () => linesOf(records), files, records.length);
      const back = await importAndExport(given, form);
      // As text first: what differs is seen.
      if (form !== 'zip') expect(await back.text()).toBe(await given.text());
      expect(Buffer.from(await back.arrayBuffer()).equals(Buffer.from(await given.arrayBuffer()))).toBe(true);
    }),
    { numRuns: runs(25) },
  );
});
