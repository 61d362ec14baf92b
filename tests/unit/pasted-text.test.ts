/** Keys and addresses, as they are pasted. */
import { describe, expect, test } from 'vitest';
import { cleanAddress, parseEndpoint } from '#features/chat/endpoint.ts';
import { cleanKey } from '#features/chat/key-text.ts';

describe('a key', () => {
  test.each([
    ['with an invisible character', 'sk-abc\u200bdef'],
    ['with a mark of byte order, a soft hyphen and an isolate', '\ufeffsk-\u00adabc\u2068def\u2069'],
    ['with white space around', '\u00a0 sk-abcdef\t\r\n'],
    ['broken into lines', 'sk-abc\r\n  def'],
    ['in quotes', '"sk-abcdef"'],
    ['in curly quotes', '“sk-abcdef”,'],
    ['with Bearer', 'Bearer sk-abcdef'],
    ['as a header', 'Authorization: Bearer sk-abcdef'],
    ['as a header of curl', '-H "Authorization: Bearer sk-abcdef"'],
    ['as a header of its own', 'x-api-key:sk-abcdef'],
    ['with its name', 'OPENAI_API_KEY=sk-abcdef'],
    ['with its name, exported', 'export OPENAI_API_KEY="sk-abcdef"'],
    ['with its name, in PowerShell', "$env:OPENAI_API_KEY = 'sk-abcdef'"],
    ['with its name, in JSON', '"apiKey": "sk-abcdef",'],
  ])('%s is cleaned', (_, pasted) => {
    expect(cleanKey(pasted)).toEqual({ ok: true, value: 'sk-abcdef' });
  });

  test.each(['gsk_A1-b2.c3~d4', 'id:secret', 'YWJjZGVm==', 'AIzaSyD-9tSrke72PouQMnMX', 'a|b'])('%s is left as it is', (key) => {
    expect(cleanKey(key)).toEqual({ ok: true, value: key });
  });

  test.each([
    ['nothing', ' \n', { reason: 'empty' }],
    ['quotes alone', '""', { reason: 'empty' }],
    ['a word of another script', 'sk-аbc', { reason: 'character', found: 'а' }],
    ['an ellipsis', 'sk-a…z', { reason: 'character', found: '…' }],
    ['an emoji', 'sk-🔑', { reason: 'character', found: '🔑' }],
    ['a masked one', 'sk-****abcd', { reason: 'hidden' }],
    ['words', 'my secret key', { reason: 'space' }],
    ['two entries', 'A_KEY=sk-1\nB_KEY=sk-2', { reason: 'space' }],
    ['an address', 'https://api.example.com/v1', { reason: 'address' }],
  ])('%s is refused', (_, pasted, error) => {
    expect(cleanKey(pasted)).toMatchObject({ ok: false, error: { type: 'BadKey', ...error } });
  });

  test('whatever is taken can go into a header', () => {
    for (const pasted of ['sk-\u0000a', 'sk-é', 'sk-a\u2028b', 'ｓｋ', ' "Bearer  x" ']) {
      const key = cleanKey(pasted);
      if (key.ok) expect(() => new Headers({ authorization: `Bearer ${key.value}` })).not.toThrow();
    }
    expect(cleanKey('sk-a\u2028b')).toEqual({ ok: true, value: 'sk-ab' });
  });
});

describe('an address', () => {
  test.each([
    [
      'https://x.openai.azure.com/openai/deployments/d?api-version=2024-06-01',
      'https://x.openai.azure.com/openai/deployments/d',
      '?api-version=2024-06-01',
    ],
    [
      'https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-06-01',
      'https://x.openai.azure.com/openai/deployments/d',
      '?api-version=2024-06-01',
    ],
    ['https://api.example.com/v1/chat/completions', 'https://api.example.com/v1', ''],
    ['https://api.example.com/v1/responses/', 'https://api.example.com/v1', ''],
    ['POST https://api.example.com/v1/chat/completions', 'https://api.example.com/v1', ''],
    ['"https://api.example.com/v1",', 'https://api.example.com/v1', ''],
    ['<https://api.example.com/v1>', 'https://api.example.com/v1', ''],
    ['https://api.exam\u200bple.com/v1\n', 'https://api.example.com/v1', ''],
    ['OPENAI_BASE_URL=https://api.example.com/v1', 'https://api.example.com/v1', ''],
    ['base_url: "https://api.example.com/v1"', 'https://api.example.com/v1', ''],
    ['HTTPS://API.example.com/v1', 'https://api.example.com/v1', ''],
    ['https:api.example.com/v1', 'https://api.example.com/v1', ''],
    ['http：／／localhost:1234/v1', 'http://localhost:1234/v1', ''],
    ['localhost:11434/v1', 'http://localhost:11434/v1', ''],
    ['0.0.0.0:8000/v1', 'http://localhost:8000/v1', ''],
    ['http://0.0.0.0:8000/v1', 'http://localhost:8000/v1', ''],
    ['http://[::1]:8000/v1', 'http://localhost:8000/v1', ''],
    ['http://localhost:11434/api/chat', 'http://localhost:11434/v1', ''],
    ['api.example.com:8443/v1', 'https://api.example.com:8443/v1', ''],
  ])('%j is read', (typed, base, query) => {
    expect(parseEndpoint(typed)).toMatchObject({ ok: true, value: { base, query } });
    // What is kept of it reads the same.
    expect(parseEndpoint(cleanAddress(typed))).toMatchObject({ ok: true, value: { base, query } });
  });

  test.each(['https://', 'https://a b', 'https://a.example\nhttps://b.example', 'javascript:alert(1)', 'file:///etc/passwd'])(
    '%j is refused',
    (typed) => {
      expect(parseEndpoint(typed)).toMatchObject({ ok: false, error: { type: 'BadEndpoint' } });
    },
  );
});
