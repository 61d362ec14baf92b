/** What is said about files that a person adds. */
import { expect, test } from 'vitest';
import { notAddedNotice } from '#ui/parts/file-news.ts';

test('a file for which there is no room is not said to be kept in this tab', () => {
  const { text, tone } = notAddedNotice('Film.mp4', { type: 'QuotaExceeded' });
  expect(text).toMatch(/^Film\.mp4 was not added\. .+Storage.+again\.$/);
  expect(text).not.toMatch(/kept|tried/);
  expect(tone).toBe('bad');
});

test('a file without a name is refused in whole sentences', () => {
  expect(notAddedNotice('', { type: 'FileEmpty' }).text).toMatch(/^The file was not added\. .+\.$/);
});
