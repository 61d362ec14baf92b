/** The head of a backup file. */
import { describe, expect, test } from 'vitest';
import { headMembers, readHead } from '#backup/format/head.ts';
import type { Json } from '#core/json.ts';
import { ok } from '#core/result.ts';
import { aHead } from '#support/backup-content.ts';

const json = (head: unknown): Json => JSON.parse(JSON.stringify(head)) as Json;

describe('the head of a backup', () => {
  test('is read as it was written, with members that this version does not know', () => {
    const head = json({ ...aHead, mood: { of: 'the day' } });
    expect(readHead(head)).toEqual(ok(head));
  });

  test('is written in one order, unknown members last, whatever order they came in', () => {
    const backwards = Object.fromEntries(Object.entries({ ...aHead, zoo: 1, ark: { b: 1, a: 2 } }).reverse());
    const head = readHead(json(backwards));
    const members = head.ok ? headMembers(head.value) : [];
    expect(members.map(([member]) => member)).toEqual([
      ...['format', 'version', 'app', 'account', 'workspace', 'device', 'madeAt', 'localSeq', 'counts', 'secrets', 'files'],
      ...['ark', 'zoo'],
    ]);
    expect(JSON.stringify(members.at(-2))).toBe('["ark",{"a":2,"b":1}]');
  });

  test.each([0, 253_402_300_800_000, 8.64e15])('may be of any time that a clock can say: %d', (ms) => {
    expect(readHead(json({ ...aHead, madeAt: new Date(ms).toISOString() })).ok).toBe(true);
  });

  test('may be of work that belongs to no account', () => {
    expect(readHead(json({ ...aHead, account: null })).ok).toBe(true);
  });

  test.each([
    ['a list', []],
    ['text', 'holdfast-backup'],
    ['another format', { ...aHead, format: 'other' }],
    ['no format', { version: 1 }],
  ])('%s is none', (_name, value) => {
    expect(readHead(json(value))).toEqual({ ok: false, error: { type: 'NotABackup' } });
  });

  test('of a newer version is refused by its version, whatever else is in it', () => {
    expect(readHead(json({ format: 'holdfast-backup', version: 2 }))).toEqual({
      ok: false,
      error: { type: 'NewerBackup', version: 2 },
    });
  });

  test.each([
    ['version', '1'],
    ['version', -1],
    ['app', null],
    ['account', 'me'],
    ['workspace', 5],
    ['device', { id: 'x', name: 'Laptop' }],
    ['device', { id: aHead.device.id }],
    ['madeAt', 'yesterday'],
    ['madeAt', '2026-13-41T00:00:00Z'],
    ['localSeq', 1.5],
    ['counts', { note: 5 }],
    ['counts', { note: { live: 1 } }],
    ['secrets', 'no'],
    ['files', -1],
    ['more', JSON.parse('{"a":{"__proto__":1}}')],
  ])('with another %s is refused by that member', (member, value) => {
    const read = readHead(json({ ...aHead, [member]: value }));
    expect(read.ok).toBe(false);
    expect(!read.ok && read.error).toMatchObject({ type: 'BadHead', member: expect.stringMatching(`^${member}`) });
  });
});
