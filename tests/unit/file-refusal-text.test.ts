/** The words for a file that the server does not take: why, in its own words where it has any, and what helps. */
import { expect, test } from 'vitest';
import type { SyncError } from '#core/errors.ts';
import { fileAwayText, fileRefusalText, filesHeldUpText, fileWord } from '#ui/text/file-refusal-text.ts';

const textOf = (error: SyncError, says = '') => fileRefusalText({ error, says, times: 1, since: 0, retryAt: 0 });

test.each<SyncError>([
  { type: 'TooLarge' },
  { type: 'ServerFull' },
  { type: 'Rejected', status: 422, reason: 'Other bytes.' },
  { type: 'Forbidden', reason: 'revoked' },
])('a refusal by $type is said in full sentences, with the next step and what the server has said', (error) => {
  for (const says of ['', 'No more than this.']) {
    const { why, advice } = textOf(error, says);
    expect(why).toMatch(/^[A-Z].+[.”]$/);
    expect(advice).toMatch(/^[A-Z].+[.]$/);
    expect(why.includes('No more than this.')).toBe(says !== '');
    expect(`${why} ${advice}`).not.toMatch(/undefined|null|parts/);
  }
});

test.each<SyncError>([
  { type: 'ServerError', status: 503, retryAfterMs: null },
  { type: 'Network', reason: 'reset' },
  { type: 'RateLimited', retryAfterMs: null },
  { type: 'UpdateRequired' },
  { type: 'TooLarge' },
  { type: 'ServerFull' },
  { type: 'Rejected', status: 405, reason: 'Method Not Allowed' },
])('what keeps all files here, $type, is said with the next step', (error) => {
  const { why, advice } = filesHeldUpText(error);
  expect(why).not.toMatch(/change/);
  expect(why).toMatch(/^[A-Z].+[^.]$/);
  expect(advice).toMatch(/^[A-Z].+[.]$/);
  expect(`${why} ${advice}`).not.toMatch(/undefined|null/);
});

test('a file that is not here does not claim to be saved here while the server cannot be reached', () => {
  const { why, advice } = fileAwayText({ type: 'Network', reason: 'reset' });
  expect(why).toContain('not on this device');
  expect(advice).not.toContain('saved');
  expect(fileAwayText({ type: 'BlobMissing' }).why).toBe('This file is not on the server');
});

test('something in front of the server is not taken for it', () => {
  expect(textOf({ type: 'TooLarge' }).why).toContain('between this device and the server');
  expect(textOf({ type: 'TooLarge' }, 'At most 5 MB.').why).toContain('too large for the server');
});

test('a file is called by its media type', () => {
  const types = ['image/png', 'audio/ogg', 'video/mp4', 'application/pdf', 'text/plain', 'application/zip', ''];
  expect(types.map(fileWord)).toEqual(['Picture', 'Audio file', 'Video', 'PDF', 'Text file', 'File', 'File']);
});
