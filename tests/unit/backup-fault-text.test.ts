/** Every fault of a backup file has words and a next step. The table does not compile when a type of the union is missing in it. */
import { describe, expect, test } from 'vitest';
import type { ContentFault, FileFault, ForeignApp } from '#core/backup-faults.ts';
import { backupFaultText } from '#ui/text/backup-fault-text.ts';

type AnyFault = FileFault | ContentFault;
const place = { offset: 1234, line: 56, record: 7 };
const examples: { readonly [T in AnyFault['type']]: Extract<AnyFault, { readonly type: T }> } = {
  NotABackup: { type: 'NotABackup' },
  EmptyFile: { type: 'EmptyFile' },
  NotText: { type: 'NotText' },
  WebPage: { type: 'WebPage' },
  OtherEncoding: { type: 'OtherEncoding', encoding: 'UTF-16' },
  ForeignFile: { type: 'ForeignFile', app: 'ChatGPT' },
  NewerBackup: { type: 'NewerBackup', version: 2 },
  BadHead: { type: 'BadHead', member: 'device' },
  FileUnreadable: { type: 'FileUnreadable', reason: 'NotReadableError' },
  BackupTooLarge: { type: 'BackupTooLarge', limitBytes: 100_000_000 },
  BadArchive: { type: 'BadArchive', reason: 'Overlapping entry found' },
  BadPath: { type: 'BadPath', path: '../evil.md' },
  PassphraseNeeded: { type: 'PassphraseNeeded' },
  WrongPassphrase: { type: 'WrongPassphrase' },
  NoPassphraseInside: { type: 'NoPassphraseInside' },
  EncryptedDamaged: { type: 'EncryptedDamaged' },
  Truncated: { type: 'Truncated', place },
  TrailingBytes: { type: 'TrailingBytes', place },
  BadSyntax: { type: 'BadSyntax', reason: 'expected }', ends: true, place },
  NotUtf8: { type: 'NotUtf8', place },
  DuplicateKey: { type: 'DuplicateKey', key: 'title', place },
  DuplicateRecord: { type: 'DuplicateRecord', kind: 'note', id: 'x', place },
  NotARecord: { type: 'NotARecord', place },
  BadMember: { type: 'BadMember', member: 'fields.tags', place },
  UnknownMember: { type: 'UnknownMember', member: 'more', place },
  RecordTooDeep: { type: 'RecordTooDeep', place },
  RecordTooLarge: { type: 'RecordTooLarge', place },
  TooManyFaults: { type: 'TooManyFaults', place },
  ChecksumMissing: { type: 'ChecksumMissing' },
  ChecksumDiffers: { type: 'ChecksumDiffers' },
  CountsDiffer: { type: 'CountsDiffer', kind: 'note', said: 3, found: 2 },
  FilesDiffer: { type: 'FilesDiffer', said: 3, found: 2 },
  FileDamaged: { type: 'FileDamaged', hash: 'ab'.repeat(32) },
};

describe('the words for every fault of a backup file', () => {
  test.each(Object.values(examples))('$type says what happened and what to do', (fault) => {
    const { title, advice } = backupFaultText(fault);
    expect(title).toMatch(/^[A-Z].{3,60}[^.]$/);
    expect(advice).toMatch(/^[A-Z].+[.]$/);
    expect(advice.length).toBeGreaterThan(30);
    expect(`${title} ${advice}`).not.toMatch(/undefined|\[object|null/);
    expect(`${title} ${advice}`).not.toContain(fault.type);
  });

  test.each(Object.values(examples).filter((fault) => 'place' in fault))('$type says where', (fault) => {
    expect(backupFaultText(fault).advice).toContain('entry 7, line 56 (byte 1234)');
  });

  test('no two share a title', () => {
    const titles = Object.values(examples).map((fault) => backupFaultText(fault).title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  test('an import is offered for what can be imported alone', () => {
    const advice = (app: ForeignApp): string => backupFaultText({ type: 'ForeignFile', app }).advice;
    expect(advice('Obsidian')).toContain('Import this instead');
    expect(advice('ChatGPT')).toContain('cannot import this file');
  });

  test('what a file says of itself is cut where it is long', () => {
    expect(backupFaultText({ type: 'BadPath', path: 'x'.repeat(5000) }).advice.length).toBeLessThan(400);
  });
});
