/**
 * Backup files that something has gone wrong with: a disk, a transfer, an editor, or somebody who means harm. Each is made from its number alone.
 * What must be true of reading any of them is in `checkMutant`.
 */

import { createHash } from 'node:crypto';
import { strToU8, zipSync } from 'fflate';
import { jsonForm } from '#backup/format/json-form.ts';
import { encryptStream } from '#backup/format/passphrase.ts';
import { type BackupRecord, readRecord, recordLine } from '#backup/format/record.ts';
import { yamlForm } from '#backup/format/yaml-form.ts';
import type { Json } from '#core/json.ts';
import { aRecord, documentOf } from './backup-content.ts';
import { aFile, memoryTemp, openWhole, referTo, zipOf } from './backup-file.ts';

const PASSPHRASE = 'fuzz';
const SLOWEST_MS = 5000;

/** What a number decides: the same numbers in the same order each time. */
interface Chance {
  below(end: number): number;
  pick<T>(of: readonly T[]): T;
}

function createChance(seed: number): Chance {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(next() * end);
  return { below, pick: (of) => of[below(of.length)] as (typeof of)[number] };
}

interface Seed {
  readonly name: 'json' | 'yaml' | 'zip' | 'age' | 'old';
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly lines: readonly string[];
}

const files = [aFile('a picture', 'png'), aFile('a sound', 'ogg')];
const records: readonly BackupRecord[] = [
  aRecord(1, { text: `# Größe 🌱\n\n\t- a\u00a0b\n${files.map(referTo).join('\n')}\n`, tags: ['a', 'b'], pinned: true }),
  aRecord(2, { title: '2026-11-27', map: { a: { b: [1, 2.5, null] } }, binnedAt: 5 }),
  aRecord(3, { title: 'a\r\nb\u0000\ud800', n: 2 ** 60 }),
  aRecord(4, { more: [] }, 'board'),
];
const lines = records.map(recordLine).sort();

async function makeSeeds(): Promise<readonly Seed[]> {
  const bytesOf = async (blob: Blob): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await blob.arrayBuffer());
  const json = new Blob([await documentOf(jsonForm, records)]);
  const yaml = new Blob([await documentOf(yamlForm, records)]);
  const encrypted = await encryptStream(json.stream(), PASSPHRASE, 1);
  const old = `[\n${JSON.stringify({ kind: 'note', id: records[0]?.id, place: 'live', updatedAt: '2026-01-01T00:00:00Z', fields: { title: 'A' } })}\n]\n`;
  return [
    { name: 'json', bytes: await bytesOf(json), lines },
    { name: 'yaml', bytes: await bytesOf(yaml), lines },
    { name: 'zip', bytes: await bytesOf(await zipOf(jsonForm, records, files)), lines },
    {
      name: 'age',
      bytes: new Uint8Array(await new Response(encrypted as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer()),
      lines,
    },
    { name: 'old', bytes: new Uint8Array(zipSync({ 'data/note.json': strToU8(old), 'README.txt': strToU8('x') })), lines: [] },
  ];
}
const seeds = await makeSeeds();

const DEEP = 3000;
/** What hostile or clumsy hands put in the place of a value, or beside it. */
const VALUES = [
  ...[
    'null',
    'true',
    '-1',
    '1e999',
    '-1e999',
    '9007199254740993',
    '0x7fffffffffffffff',
    '.inf',
    '.nan',
    '-0',
    '1e-400',
    '"',
    "'",
    '""',
    '{}',
    '[]',
  ],
  ...[
    '"__proto__"',
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '__proto__: {polluted: 1}',
    '"\\ud800"',
    '"\\u0000"',
  ],
  ...[
    '{"a":1,"a":2}',
    '!!js/function "x"',
    '!!binary aGk=',
    '!!set {a}',
    '!foo x',
    '&a [*a]',
    '*a',
    '<<: {polluted: 1}',
    '? [a]\n: b',
    '%YAML 1.1\n',
    '%TAG ! x\n',
  ],
  ...[
    '---\n',
    '\n---\n',
    '...\n',
    '---\nkind: note\n',
    '# x\n',
    '\t',
    '\ufeff',
    '\u0000',
    '\u2028',
    '\r\n',
    '|\n',
    '>-\n',
    '|9\n',
    '\\',
    '\\u',
    ',',
    ':',
    ': ',
    '- ',
    '}',
    ']',
    '{',
    '[',
  ],
  ...[
    '"format":"holdfast-backup",',
    '"version":2,',
    '"version":-1,',
    '"version":"1",',
    'version: 99\n',
    '"records":[],',
    '"records":{},',
    '"sha256":"x",',
    'sha256: x\n',
  ],
  ...[
    '['.repeat(DEEP),
    '{"a":'.repeat(DEEP),
    '- '.repeat(DEEP),
    `${'['.repeat(79)}${']'.repeat(79)}`,
    '? '.repeat(DEEP),
    '"'.repeat(DEEP),
    '&a '.repeat(50),
  ],
  `a: &a [x,x,x]\n${[...'bcdefghi'].map((name, at) => `${name}: &${name} [${`*${'abcdefgh'[at]},`.repeat(9)}x]\n`).join('')}`,
] as const;

type Mutation = (bytes: Buffer, chance: Chance) => Buffer;

const spot = (bytes: Buffer, { below }: Chance): number => below(bytes.length + 1);
const splice = (bytes: Buffer, at: number, removed: number, added: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]);

const BYTES: readonly Mutation[] = [
  (bytes, { below }) => {
    const copy = Buffer.from(bytes);
    const at = below(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << below(8));
    return copy;
  },
  (bytes, chance) => splice(bytes, spot(bytes, chance), 1, Uint8Array.of(chance.below(256))),
  (bytes, chance) => bytes.subarray(0, spot(bytes, chance)),
  (bytes, chance) => splice(bytes, spot(bytes, chance), chance.below(40), new Uint8Array()),
  (bytes, chance) => splice(bytes, spot(bytes, chance), 0, bytes.subarray(spot(bytes, chance)).subarray(0, chance.below(200))),
  (bytes, chance) =>
    splice(
      bytes,
      spot(bytes, chance),
      0,
      new Uint8Array(chance.below(5)).map(() => chance.below(256)),
    ),
  (bytes, chance) => Buffer.concat([bytes, chance.pick(seeds).bytes]),
  (bytes, chance) =>
    splice(bytes, spot(bytes, chance), chance.below(100), Buffer.from(chance.pick(seeds).bytes).subarray(0, chance.below(300))),
];

/** By line, and by value: what is between two marks. */
const TEXT: readonly Mutation[] = [
  (bytes, chance) => splice(bytes, spot(bytes, chance), 0, strToU8(chance.pick(VALUES))),
  (bytes, chance) => {
    const text = bytes.toString('latin1');
    const values = [...text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|null|\[|\{|: \S+/g)];
    const { index, 0: value } = chance.pick(values) ?? { index: 0, 0: '' };
    return splice(bytes, index, value.length, strToU8(chance.pick(VALUES)));
  },
  (bytes, chance) => onLines(bytes, (all) => all.toSpliced(chance.below(all.length), 0, chance.pick(all))),
  (bytes, chance) => onLines(bytes, (all) => all.toSpliced(chance.below(all.length), 1 + chance.below(3))),
  (bytes, chance) => onLines(bytes, (all) => [...all].sort(() => chance.below(3) - 1)),
  (bytes, chance) =>
    onLines(bytes, (all) => all.with(chance.below(all.length), `${' '.repeat(chance.below(5))}${chance.pick(all)}`)),
  (bytes) => Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r\n'), 'latin1'),
  (bytes, chance) => onLines(bytes, (all) => all.toSpliced(chance.below(all.length), 0, chance.pick(VALUES))),
];

const onLines = (bytes: Buffer, change: (lines: string[]) => readonly string[]): Buffer =>
  Buffer.from(change(bytes.toString('latin1').split('\n')).join('\n'), 'latin1');

/** The checksum made to fit again, so that it is not what refuses the file. */
function sign(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  const at = text.lastIndexOf('sha256') - (text.includes('"sha256"') ? 1 : 0);
  if (at < 0) return bytes;
  const hash = createHash('sha256').update(bytes.subarray(0, at)).digest('hex');
  return Buffer.from(text.slice(0, at) + text.slice(at).replace(/[0-9a-f]{64}/, hash), 'latin1');
}

const PATHS = [
  '../x',
  '/x',
  'C:\\x',
  'a\\b',
  'con',
  'x'.repeat(2000),
  'backup.yaml',
  'x/backup.json',
  'files/x',
  'data/note.json',
  '.',
  'a//b',
  'x\u0000y',
  'Ä',
  '__MACOSX/backup.json',
];

/** An archive with paths and contents of any kind, or a bomb. */
function strangeArchive(chance: Chance): Buffer {
  const json = Buffer.from(seeds[0]?.bytes ?? []);
  const content = (): Uint8Array =>
    chance.pick([json, strToU8('x'), new Uint8Array(chance.below(3) * 3_000_000), TEXT[0]?.(json, chance) ?? json]);
  const some = Array.from({ length: chance.below(4) }, () => [chance.pick(PATHS), content()] as const);
  const named = files.map(({ hash }) => [`files/${hash}.png`, strToU8(chance.pick(['a picture', 'a sound', 'x']))] as const);
  return Buffer.from(zipSync(Object.fromEntries([['backup.json', content()], ...named, ...some]), { level: 1 }));
}

export interface Mutant {
  readonly seed: Seed['name'];
  readonly bytes: Buffer;
  /** Whether it was made so that its checksum fits, so that only what it says tells. */
  readonly signed: boolean;
}

export function makeMutant(number: number): Mutant {
  const chance = createChance(number);
  const seed = chance.pick([...seeds.slice(0, 2), ...seeds.slice(0, 2), ...seeds]);
  const isText = seed.name === 'json' || seed.name === 'yaml';
  let bytes: Buffer = Buffer.from(seed.bytes);
  if (!isText && chance.below(4) === 0) bytes = strangeArchive(chance);
  for (let times = 1 + chance.below(3); times > 0; times--) {
    bytes = chance.pick(isText ? [...BYTES, ...TEXT, ...TEXT] : BYTES)(bytes, chance);
  }
  const signed = isText && chance.below(2) === 0;
  return { seed: seed.name, bytes: signed ? sign(bytes) : bytes, signed: signed || !isText };
}

export interface MutantResult {
  /** What is wrong with how it was read; null where nothing is. */
  readonly wrong: string | null;
  readonly faults: readonly string[];
  readonly ms: number;
}

/** Reads a mutant whole. No crash, no hang, nothing but records in what comes out, nothing left behind, and no change that is not noticed. */
export async function checkMutant(number: number): Promise<MutantResult> {
  const { bytes, signed } = makeMutant(number);
  const temp = memoryTemp();
  const began = performance.now();
  try {
    const read = await openWhole(new Blob([new Uint8Array(bytes)]), {
      temp,
      passphrase: PASSPHRASE,
      limits: { totalBytes: 20_000_000 },
    });
    const ms = performance.now() - began;
    const faults = read.faults.map(({ type }) => type);
    const answer = (wrong: string | null): MutantResult => ({ wrong, faults, ms });
    if (ms > SLOWEST_MS) return answer(`took ${Math.round(ms)} ms`);
    if (temp.left() > 0) return answer('left a temporary file');
    if (Object.keys(Object.prototype).length > 0 || 'polluted' in {}) return answer('changed a prototype');
    if (!read.head && read.faults.length === 0) return answer('was refused without a reason');
    for (const record of read.records) {
      const again = readRecord(JSON.parse(recordLine(record)) as Json);
      if (!again.ok || recordLine(again.value) !== recordLine(record)) return answer('gave what is no record');
    }
    for (const [hash, text] of Object.entries(read.files)) {
      if (createHash('sha256').update(text).digest('hex') !== hash) return answer('gave a file of another hash');
    }
    // A mutant may be another file as a whole: that of version 0 has no checksum.
    const isSame = read.records.map(recordLine).sort().join('\n') === lines.join('\n');
    if (!signed && read.form !== 'old' && read.head && faults.length === 0 && !isSame) return answer('took a change for nothing');
    return answer(null);
  } catch (error) {
    return { wrong: `threw ${error instanceof Error ? error.stack : String(error)}`, faults: [], ms: performance.now() - began };
  }
}
