/** What a list and a part are read back as: whole, or damaged, whoever wrote them. */
import { describe, expect, test } from 'vitest';
import { readChecks } from '#backup/kept/checks.ts';
import { pack } from '#backup/kept/gzip.ts';
import { type Manifest, readManifest, writeManifest } from '#backup/kept/manifest.ts';
import {
  checkPart,
  createPartBuilder,
  endsPart,
  type KeptLine,
  type PartContent,
  packPart,
  readPart,
  toKeptLine,
} from '#backup/kept/parts.ts';
import { hashBytes, hashText } from '#core/hash.ts';
import { canonicalJson, type Json } from '#core/json.ts';
import { createMemoryPlace } from '#support/memory-place.ts';
import { mint, must } from '#support/memory-workspace.ts';

const lines = Array.from({ length: 5 }, () => mint())
  .sort()
  .map((id) => toKeptLine({ kind: 'note', id, v: 1, fields: { text: id }, stamps: {} }));
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** The lines as one part. */
const packLines = (lines: readonly KeptLine[]) => {
  const builder = createPartBuilder();
  lines.forEach(builder.add);
  return packPart(builder.take() as PartContent);
};

const manifestOf = async (): Promise<Manifest> => {
  const { entry } = await packLines(lines);
  return {
    ...{ format: 'holdfast-kept-backup', version: 1, app: '1', id: mint(), account: mint(), workspace: mint() },
    ...{ device: { id: mint(), name: 'Test' }, madeAt: 1, reason: 'asked', localSeq: 5, database: null, records: 5 },
    ...{ bytes: entry.bytes, counts: entry.counts, shrunken: false, parts: [entry], blobs: [] },
  };
};

describe('a part', () => {
  test('comes back as it was packed', async () => {
    const { entry, bytes } = await packLines(lines);
    expect(await readPart(new Blob([bytes]), entry)).toEqual({ ok: true, value: lines });
    expect(await checkPart(new Blob([bytes]), entry)).toEqual({ ok: true, value: undefined });
  });

  test('has nothing of the part before it', () => {
    const builder = createPartBuilder();
    const take = (some: readonly KeptLine[]) => {
      some.forEach(builder.add);
      const part = builder.take();
      return part && { ...part, text: new TextDecoder().decode(part.text) };
    };
    const [first, ...others] = lines;
    const binned = toKeptLine({
      kind: 'chat',
      id: mint(),
      v: 1,
      fields: { binnedAt: 1, text: `blob:${'a'.repeat(64)}` },
      stamps: {},
    });
    take([binned]);
    expect(take(others)).toEqual({
      text: others.map(({ text }) => `${text}\n`).join(''),
      ...{ first: others[0]?.key, records: 4, counts: { note: { live: 4, binned: 0 } }, blobs: [] },
    });
    expect(take([])).toBeNull();
    expect(take(first ? [first] : [])?.records).toBe(1);
  });

  test('is damaged where a byte is another, also one that changes nothing of what comes out', async () => {
    const { entry, bytes } = await packLines(lines);
    for (let at = 0; at < bytes.length; at++) {
      const other = bytes.slice();
      other[at] = (other[at] ?? 0) ^ 1;
      for (const read of [readPart, checkPart])
        expect(await read(new Blob([other]), entry), `byte ${at}`).toEqual({ ok: false, error: 'damaged' });
    }
    for (const cut of [bytes.slice(1), bytes.slice(0, -1), new Uint8Array([...bytes, 0])]) {
      expect(await readPart(new Blob([cut]), entry)).toEqual({ ok: false, error: 'damaged' });
    }
    expect(await readPart(null, entry)).toEqual({ ok: false, error: 'missing' });
  });

  test('is damaged where it holds other records than its list says, though its hash is right', async () => {
    const { entry } = await packLines(lines);
    const texts = lines.map(({ text }) => text);
    const wrong = [
      texts.slice(1),
      [...texts, texts[0]],
      texts.toReversed(),
      [...texts.slice(0, 4), '{'],
      [...texts.slice(0, 4), '3'],
    ];
    for (const content of wrong) {
      const bytes = await pack(bytesOf(content.map((text) => `${text}\n`).join('')));
      const claimed = { ...entry, bytes: bytes.length, hash: hashBytes(bytes) };
      for (const read of [readPart, checkPart]) expect((await read(new Blob([bytes]), claimed)).ok).toBe(false);
    }
  });

  test('ends with one record in 64, on average', () => {
    const ends = Array.from({ length: 20_000 }, () => mint()).filter((id) => endsPart(['note', id])).length;
    expect(20_000 / ends).toBeGreaterThan(50);
    expect(20_000 / ends).toBeLessThan(80);
  });
});

describe('a list', () => {
  test('comes back as it was written', async () => {
    const made = await manifestOf();
    expect(must(await readManifest(new Blob([await writeManifest(made)])))).toEqual(made);
  });

  /** A list with its own hash over whatever it says. */
  const forged = (content: { readonly [member: string]: Json }) =>
    pack(bytesOf(canonicalJson({ ...content, sha256: hashText(canonicalJson(content)) })));

  test('is damaged where it is not what its hash says, is cut, or is no list at all', async () => {
    const made = await manifestOf();
    const whole = await writeManifest(made);
    const other = await pack(
      bytesOf(canonicalJson({ ...(made as never as { [member: string]: Json }), sha256: '0'.repeat(64) })),
    );
    for (const bytes of [
      whole.slice(0, -1),
      whole.slice(1),
      other,
      await pack(bytesOf('[]')),
      await pack(bytesOf('{"sha256":1}')),
      bytesOf('{}'),
    ]) {
      expect(await readManifest(new Blob([bytes]))).toEqual({ ok: false, error: 'damaged' });
    }
  });

  test('is damaged where its sums or shapes are not right, and of a newer app where it says so', async () => {
    const made = (await manifestOf()) as never as { readonly [member: string]: Json };
    const wrong: readonly { readonly [member: string]: Json }[] = [
      { ...made, records: 6 },
      { ...made, parts: [] },
      { ...made, id: '../evil' },
      { ...made, madeAt: -1 },
      { ...made, madeAt: 8.64e15 + 1 },
      { ...made, parts: [{ hash: '../../evil' }] },
    ];
    for (const content of wrong) {
      expect(await readManifest(new Blob([await forged(content)]))).toEqual({ ok: false, error: 'damaged' });
    }
    expect(await readManifest(new Blob([await forged({ ...made, version: 2 })]))).toEqual({ ok: false, error: 'newer' });
    const more = { ...made, later: { app: 'says more' } };
    expect(must(await readManifest(new Blob([await forged(more)])))).toEqual(more);
  });

  test('that unpacks to more than any list is not read to its end', async () => {
    const bomb = await pack(new Uint8Array(80 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(1_000_000);
    expect(await readManifest(new Blob([bomb]))).toEqual({ ok: false, error: 'damaged' });
  });
});

test('notes beside backups that cannot be read say nothing', async () => {
  const place = createMemoryPlace();
  for (const text of ['', '{', '[]', '{"a":{"checkedAt":"x"}}']) {
    await place.write('checks.json', bytesOf(text));
    expect(await readChecks(place)).toEqual({});
  }
});
