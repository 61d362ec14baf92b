/** Keys and passwords that were pasted with an address. */
import { expect, test } from 'vitest';
import { openAddress } from '#core/open-address.ts';

test.each([
  ['https://a.example/v1?key=sk-1', 'https://a.example/v1', 'sk-1', false],
  ['https://a.example/v1?api-version=2024-06-01&api_key=sk%2F1', 'https://a.example/v1?api-version=2024-06-01', 'sk/1', false],
  ['https://a.example/v1?accessToken=t==&x=1', 'https://a.example/v1?x=1', 't==', false],
  ['a.example/v1?subscription-key=k', 'a.example/v1', 'k', false],
  ['https://ann:secret@a.example:8080/v1', 'https://a.example:8080/v1', null, true],
  ['ann@a.example/v1', 'a.example/v1', null, true],
  ['https://a.example/v1#token=t', 'https://a.example/v1', null, false],
  [
    'https://a.example/@team/v1?api-version=1&monkey=2&keys=3',
    'https://a.example/@team/v1?api-version=1&monkey=2&keys=3',
    null,
    false,
  ],
  ['https://a.example/v1?key=', 'https://a.example/v1?key=', null, false],
  ['https://a.example/v1?key=%', 'https://a.example/v1', '%', false],
  ['', '', null, false],
])('%s', (text, address, key, hadLogin) => {
  expect(openAddress(text)).toEqual({ address, key, hadLogin });
  // Nothing more comes out of what is open.
  expect(openAddress(address)).toEqual({ address, key: null, hadLogin: false });
});
