import type { TextFault } from '#core/backup-faults.ts';
import type { Json } from '#core/json.ts';
import type { DocumentForm, DocumentPiece, DocumentSplitter } from './document.ts';
import { HEAD_MEMBERS, headMembers } from './head.ts';
import { countMembers, findDuplicateKey } from './json-keys.ts';
import { createJsonSplitter, type JsonPiece } from './json-split.ts';
import { decodeUtf8, reasonOf } from './text-bytes.ts';

const CHECKSUM = 'sha256';
/** Some engines cite the text around a fault: a person's words, or an API key. */
const CITED = /(?:, (?:\.{3})?| identifier )".*$/;

/** One JSON object: the members of the head, a line for each; `records`, one a line; `sha256`, the last line. */
export const jsonForm: DocumentForm = {
  name: 'json',
  open: (head) => {
    const members = headMembers(head).map(([member, value]) => `${JSON.stringify(member)}:${JSON.stringify(value)},\n`);
    return `{${members.join('')}"records":[\n`;
  },
  record: (line, index) => (index === 0 ? line : `,\n${line}`),
  close: (records) => (records === 0 ? '],\n' : '\n],\n'),
  last: (hash) => `"${CHECKSUM}":"${hash}"}\n`,
  split: splitJson,
};

/** A head that is behind the records, as an editor that sorts members leaves it, comes when all has been read. */
function splitJson(limit: number): DocumentSplitter {
  const splitter = createJsonSplitter(limit);
  const members = new Map<string, Json>();
  let hasHead = false;

  const readHead = (): readonly DocumentPiece[] => {
    if (hasHead) return [];
    hasHead = true;
    return [{ what: 'head', value: Object.fromEntries(members) }];
  };

  const readPiece = (piece: JsonPiece | TextFault): readonly (DocumentPiece | TextFault)[] => {
    if ('type' in piece) return [piece];
    const { name, place } = piece;
    const read = parseJsonPiece(piece);
    if ('type' in read) return [read];
    const { value } = read;
    if (name === null) {
      const isWhole = HEAD_MEMBERS.every((member) => members.has(member));
      return [...(isWhole ? readHead() : []), { what: 'record', value, place }];
    }
    if (name === 'records') return [{ type: 'BadSyntax', reason: 'records is not a list', ends: true, place }];
    if (members.has(name)) return [{ type: 'DuplicateKey', key: name, place }];
    members.set(name, value);
    return name === CHECKSUM ? [{ what: 'checksum', hash: value, before: place.offset }] : [];
  };

  return {
    push: (bytes) => splitter.push(bytes).flatMap(readPiece),
    end() {
      const faults = splitter.end();
      members.delete(CHECKSUM);
      return faults.length > 0 ? faults : readHead();
    },
  };
}

/** The value of a piece, or what is wrong with it. */
export function parseJsonPiece({ bytes, place, members }: JsonPiece): { readonly value: Json } | TextFault {
  const text = decodeUtf8(bytes);
  if (text === null) return { type: 'NotUtf8', place };
  try {
    const value = JSON.parse(text) as Json;
    if (countMembers(value) === members) return { value };
    return { type: 'DuplicateKey', key: findDuplicateKey(text) ?? '', place };
  } catch (error) {
    return { type: 'BadSyntax', reason: reasonOf(error).replace(CITED, ''), ends: false, place };
  }
}
