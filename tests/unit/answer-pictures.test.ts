/** Pictures in an answer, in whatever form a server puts them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDataUrl } from '#core/data-url.ts';
import { imageAddresses, replaceAddresses } from '#features/chat/picture-markdown.ts';
import { createPictureSplitter, type TextPart } from '#features/chat/picture-text.ts';
import { askOver, EXAMPLE_ACCESS, modelServerOver } from '#support/asked-server.ts';
import { PIXEL, PIXEL_URL, pictureShapes } from '#support/shapes/pictures.ts';

test.each(pictureShapes)('$what', async ({ body, text = '', pictures }) => {
  const asked = await askOver(body);
  expect(asked.result).toMatchObject({ ok: true });
  expect(asked.pictures.map(({ address }) => address)).toEqual(pictures);
  expect(asked.text).toBe(text);
});

test('a picture has its place in the text, however the network cuts it', () => {
  const content = `Before ![a picture](${PIXEL_URL}) and <img src="${PIXEL_URL}"> after data:image/ and d`;
  return fc.assert(
    fc.asyncProperty(fc.array(fc.nat(1200), { maxLength: 40 }), async (cuts) => {
      const body = `data: {"choices":[{"delta":{"content":${JSON.stringify(content)}},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`;
      const asked = await askOver(body, 'text/event-stream', cuts);
      expect(asked.text).toBe('Before ![a picture]() and <img src=""> after data:image/ and d');
      expect(asked.pictures).toEqual([
        { address: PIXEL_URL, inText: true, at: 'Before ![a picture]('.length },
        { address: PIXEL_URL, inText: true, at: 'Before ![a picture]() and <img src="'.length },
      ]);
    }),
  );
});

describe('pictures in a text', () => {
  const split = (pieces: readonly string[]): readonly TextPart[] => {
    const splitter = createPictureSplitter();
    return [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()];
  };
  const textOf = (parts: readonly TextPart[]): string => parts.map((part) => ('text' in part ? part.text : '[picture]')).join('');

  test('the pieces may be as short as one letter', () => {
    const text = `A data: d![x](${PIXEL_URL})\n${PIXEL_URL}\nend dat`;
    expect(textOf(split([...text]))).toBe('A data: d![x]([picture])\n[picture]\nend dat');
    expect(textOf(split([text]))).toBe('A data: d![x]([picture])\n[picture]\nend dat');
  });

  test('an explanation in code stays text', () => {
    const text = `Write:\n\`\`\`html\n<img src="${PIXEL_URL}">\n\`\`\`\nor \`${PIXEL_URL}\` in a line\n![x](${PIXEL_URL})`;
    expect(textOf(split([...text]))).toBe(text.replace(`![x](${PIXEL_URL})`, '![x]([picture])'));
  });

  test('a picture that breaks off in the middle is left out, with its sign closed', () => {
    expect(textOf(split(['Look: ![x](data:image/png;base64,iVBORw0K']))).toBe('Look: ![x]()');
  });

  test('10 MB in small pieces take no time that grows with their square', () => {
    const piece = 'iVBORw0KGgoA'.repeat(8);
    const splitter = createPictureSplitter();
    splitter.push('![x](data:image/png;base64,');
    for (let at = 0; at < 100_000; at++) splitter.push(piece);
    const [picture] = splitter.push(')');
    expect(picture && 'picture' in picture && picture.picture.length).toBe(
      'data:image/png;base64,'.length + 100_000 * piece.length,
    );
  });
});

describe('a data: URL', () => {
  test.each([
    ['padded', PIXEL_URL],
    ['without its padding', PIXEL_URL.replace(/=+$/, '')],
    ['with line breaks', PIXEL_URL.replace(/.{60}/g, '$&\n')],
    [
      'of the alphabet for addresses',
      PIXEL_URL.replaceAll('+', '-').replaceAll('/', '_').replace('data:image_png', 'data:image/png'),
    ],
    ['with percent signs', PIXEL_URL.replaceAll('+', '%2B').replaceAll('=', '%3D')],
    ['with a parameter', PIXEL_URL.replace(';base64', ';name=a.png;base64')],
  ])('%s', (_, address) => {
    const read = readDataUrl(address);
    expect(read?.type).toBe('image/png');
    expect(read && Buffer.from(read.bytes).toString('base64')).toBe(PIXEL);
  });

  test('any bytes come back as they were', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        const read = readDataUrl(`data:image/png;base64,${Buffer.from(bytes).toString('base64')}`);
        expect(read && [...read.bytes]).toEqual([...bytes]);
      }),
    );
  });

  test('a drawing in letters', () => {
    expect(new TextDecoder().decode(readDataUrl('data:image/svg+xml;utf8,%3Csvg%3Eä%3C/svg%3E')?.bytes)).toBe('<svg>ä</svg>');
  });

  test.each(['https://a/b.png', 'data:image/png;base64,', 'data:image/png;base64,iVBOR…', 'data:image/png;base64,A', 'data:'])(
    'none: %s',
    (address) => {
      expect(readDataUrl(address)).toBeNull();
    },
  );
});

test('pictures on a server are found in the text, and get another address', () => {
  const text = 'A ![x](http://localhost:8080/a.png "t") ![y](/files/b.png) [z](https://c/d.png) ![w](https://e/f.png)';
  expect(imageAddresses(text)).toEqual(['http://localhost:8080/a.png', '/files/b.png', 'https://e/f.png']);
  expect(
    replaceAddresses(
      text,
      new Map([
        ['/files/b.png', 'files/B'],
        ['http://localhost:8080/a.png', 'files/A'],
      ]),
    ),
  ).toBe('A ![x](files/A "t") ![y](files/B) [z](https://c/d.png) ![w](https://e/f.png)');
});

describe('the bytes behind an address', () => {
  const calls: { readonly url: string; readonly key: string | null }[] = [];
  const server = (answer: (key: string | null) => Response) =>
    modelServerOver((url, init) => {
      const key = new Headers(init.headers).get('authorization');
      calls.splice(0, calls.length, ...calls, { url, key });
      return answer(key);
    });
  const fetched = async (address: string, answer: (key: string | null) => Response) => {
    calls.length = 0;
    return server(answer).picture(EXAMPLE_ACCESS, address);
  };
  const bytes = () => new Response(Buffer.from(PIXEL, 'base64'));

  test('of the model server come without its key', async () => {
    const found = await fetched('https://models.example/images/1.png', bytes);
    expect(found && Buffer.from(await found.arrayBuffer()).toString('base64')).toBe(PIXEL);
    expect(calls).toEqual([{ url: 'https://models.example/images/1.png', key: null }]);
  });

  test('where the server wants the key, it goes along below its own address alone', async () => {
    const locked = (key: string | null) => (key === null ? new Response('', { status: 401 }) : bytes());
    expect(await fetched('/v1/files/1/content', locked)).not.toBeNull();
    expect(calls.map(({ key }) => key)).toEqual([null, 'Bearer k-1']);
    expect(await fetched('https://models.example/other/1.png', locked)).toBeNull();
    expect(calls.map(({ key }) => key)).toEqual([null]);
  });

  test.each([
    'https://elsewhere.example/1.png',
    'http://models.example/1.png',
    'javascript:alert(1)',
    'data:image/png;base64,AA',
    'http://[',
  ])('of nobody else are asked for: %s', async (address) => {
    expect(await fetched(address, bytes)).toBeNull();
    expect(calls).toEqual([]);
  });

  test('nothing, and what is refused, is no picture', async () => {
    expect(await fetched('https://models.example/1.png', () => new Response(''))).toBeNull();
    expect(await fetched('https://models.example/1.png', () => new Response('no', { status: 404 }))).toBeNull();
  });
});
