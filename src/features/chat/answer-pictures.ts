/** Where servers put the pictures of an answer. Everything in it is untrusted. */
import { listOf, recordOf, textOf } from '#core/json-shape.ts';

type Members = { readonly [key: string]: unknown };

/** Bytes without a type begin like this, in base64. */
const BEGINNINGS: readonly (readonly [string, string])[] = [
  ['iVBORw0KGgo', 'image/png'],
  ['/9j/', 'image/jpeg'],
  ['R0lGOD', 'image/gif'],
  ['UklGR', 'image/webp'],
];

/**
 * The pictures in one part of an answer's content, in their order: as `data:` URLs where the server gives bytes, else as it gives their
 * addresses. Empty where the part is none.
 */
export function picturesOfPart(part: unknown): readonly string[] {
  const record = recordOf(part);
  if (!record) return [];
  const inline = recordOf(record['inlineData']) ?? recordOf(record['inline_data']) ?? recordOf(record['source']) ?? record;
  const isPicture = /image/i.test(textOf(record['type']));
  const found = [
    ...addressOf(record['image_url']),
    ...addressOf(record['imageUrl']),
    ...addressOf(record['image']),
    ...base64Of(record['b64_json'], record),
    ...base64Of(record['image_base64'], record),
    ...(isPictureType(inline) ? base64Of(inline['data'], inline) : []),
    // Anthropic's `source`, OpenAI's `output_image`.
    ...(isPicture ? [...addressOf(inline['url']), ...base64Of(record['result'], record)] : []),
  ];
  return [...new Set(found)];
}

/** The pictures of a message beside its content, in the members that gateways have for them. */
export function picturesBeside(message: Members): readonly string[] {
  const listed = [...listOf(message['images']), ...listOf(message['multi_mod_content'])];
  const found = [...listed.flatMap(listedPicture), ...addressOf(message['image']), ...addressOf(message['image_url'])];
  return [...new Set(found)];
}

/** The pictures of an answer in the form of OpenAI's images API: `{ data: [{ b64_json }] }`. */
export const picturesOfData = (body: Members): readonly string[] =>
  listOf(body['data']).flatMap((item) => {
    const { b64_json: base64, url } = recordOf(item) ?? {};
    return base64 === undefined && url === undefined ? [] : listedPicture(item);
  });

/** An item of a list of pictures: a part, its address, or nothing but base64. */
function listedPicture(item: unknown): readonly string[] {
  if (typeof item === 'string') return isAddress(item) ? [item] : base64Of(item, {});
  const found = picturesOfPart(item);
  return found.length > 0 ? found : addressOf(recordOf(item)?.['url']);
}

/** An address, or a record that holds one. */
function addressOf(value: unknown): readonly string[] {
  const record = recordOf(value);
  const address = (textOf(value) || textOf(record?.['url'])).trim();
  if (isAddress(address)) return [address];
  return record ? base64Of(record['b64_json'], record) : [];
}

const isAddress = (text: string): boolean => /^(data:image\/|https?:\/\/|\/(?!\/|9j\/)\S+$)/i.test(text);

const typeOf = (record: Members): string =>
  textOf(record['mimeType']) || textOf(record['mime_type']) || textOf(record['media_type']) || textOf(record['output_format']);

const isPictureType = (record: Members): boolean => /^image\//i.test(typeOf(record));

function base64Of(value: unknown, record: Members): readonly string[] {
  const base64 = textOf(value).trim();
  if (/^data:image\//i.test(base64)) return [base64];
  if (base64 === '' || !/^[A-Za-z0-9+/_-]{8}/.test(base64)) return [];
  const stated = typeOf(record);
  const type = /^image\/[\w.+-]+$/i.test(stated) ? stated : BEGINNINGS.find(([begin]) => base64.startsWith(begin))?.[1];
  return [`data:${type ?? 'image/png'};base64,${base64}`];
}
