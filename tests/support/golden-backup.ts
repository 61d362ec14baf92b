/** What the golden files of the backup format hold. Never changed: the files are compared with it. */

import { type BackupRecord, compareKeys } from '#backup/format/record.ts';
import { secretRecord } from '#backup/format/secret-record.ts';
import { blobReference } from '#core/blobs.ts';
import { aRecord, headOf } from './backup-content.ts';
import { aFile } from './backup-file.ts';

export const goldenFiles = [aFile('a picture', 'png')];
const picture = goldenFiles.map(({ hash, extension }) => `![](${blobReference(hash, extension)})`).join('');

export const goldenRecords: readonly BackupRecord[] = [
  aRecord(1, {
    title: 'Photosynthesis',
    text: `# Light\u00a0reactions\n\n- Water in\n\t- oxygen out 🌱\n\n${picture}\n`,
    tags: ['biology', 'exam 1', '2026', 'no', 'null', '---'],
    binnedAt: null,
    starred: true,
  }),
  aRecord(2, { title: '2026-11-27', text: ' starts with a blank\nends without a break', binnedAt: 1_795_000_000_000 }),
  aRecord(3, { title: 'CRLF, NUL, NEL, LS, BOM, half a pair', text: 'a\r\nb\u0000\u0085\u2028\ufeff\ud800' }),
  aRecord(
    4,
    { numbers: [0, -1.5, 1e21, 1e-7, 2 ** 53, 9007199254740991], 'a key: #1': {}, nested: [[[]], { a: [{ b: null }] }] },
    'board',
  ),
  { ...aRecord(5, {}), v: 9, raw: '{"fields":{"__proto__":1},"stamps":{}}' },
  aRecord(6, {}, 'chat'),
].sort(compareKeys);

export const goldenHead = headOf(goldenRecords, { madeAt: '2026-11-27T09:00:00.000Z' });

/** Of `v1-keys.age`: the same, with an API key. */
export const goldenKeys: readonly BackupRecord[] = [
  ...goldenRecords,
  secretRecord({ id: '00000000-0000-7000-8000-000000000002', origin: 'https://models.example', key: 'sk-golden' }),
].sort(compareKeys);
