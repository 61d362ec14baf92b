import { expect, test } from 'vitest';
import { toKvError } from '#store/kv/kv-error.ts';

const failed = (name: string, message: string) => toKvError(new DOMException(message, name));

test.each([
  ['the quota', 'QuotaExceededError', ''],
  [
    'a full disk under a log',
    'UnknownError',
    'Connection is closing because of: IO error: 000003.log: FILE_ERROR_NO_SPACE (ChromeMethodBFE: 3)',
  ],
  ['a full disk under a large value', 'DataError', 'Failed to write blobs (IOError)'],
])('no room, by %s', (_, name, message) => {
  expect(failed(name, message)).toEqual({ type: 'QuotaExceeded' });
});

test('every other failure stays what it is', () => {
  expect(failed('VersionError', 'x')).toEqual({ type: 'NewerDatabase' });
  expect(failed('SecurityError', 'x')).toMatchObject({ type: 'StorageDisabled' });
  expect(failed('AbortError', 'x')).toMatchObject({ type: 'ConnectionLost' });
  expect(failed('UnknownError', 'Internal error.')).toEqual({ type: 'StorageFailed', reason: 'UnknownError: Internal error.' });
  expect(failed('DataError', 'Failed to read large IndexedDB value')).toMatchObject({ type: 'StorageFailed' });
});
