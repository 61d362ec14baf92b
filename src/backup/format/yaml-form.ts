import type { Place, TextFault } from '#core/backup-faults.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { recordOf } from '#core/json-shape.ts';
import type { DocumentForm, DocumentPiece, DocumentSplitter } from './document.ts';
import { headMembers } from './head.ts';
import { decodeUtf8 } from './text-bytes.ts';
import { loadYaml } from './yaml-load.ts';
import { createYamlSplitter, type YamlPiece } from './yaml-split.ts';
import { yamlMembers } from './yaml-write.ts';

const CHECKSUM = 'sha256';
const MEMBERS = ['kind', 'id', 'v', 'fields', 'stamps', 'raw'];
const MARKER = '---\n';

/** YAML documents: the head, one for each record, and the last with the checksum. */
export const yamlForm: DocumentForm = {
  name: 'yaml',
  open: (head) => yamlMembers(headMembers(head)),
  record(line) {
    const record = JSON.parse(line) as JsonObject;
    const members = MEMBERS.flatMap((member) => {
      const value = record[member];
      return value === undefined ? [] : [[member, value] as const];
    });
    return MARKER + yamlMembers(members);
  },
  close: () => MARKER,
  last: (hash) => yamlMembers([[CHECKSUM, hash]]),
  split: splitYaml,
};

function splitYaml(limit: number): DocumentSplitter {
  const splitter = createYamlSplitter(limit);
  let hasHead = false;
  let checksum: 'none' | 'read' | 'followed' = 'none';
  let records = 0;
  let end: Place = { offset: 0, line: 1, record: null };

  const readDocument = ({ bytes, offset, line }: YamlPiece): readonly (DocumentPiece | TextFault)[] => {
    const place = { offset, line, record: hasHead ? records + 1 : null };
    end = { offset, line, record: null };
    const read = parse(bytes, place);
    if (read === null || checksum === 'followed') return [];
    if (checksum === 'read') {
      checksum = 'followed';
      return [{ type: 'TrailingBytes', place: { ...place, record: null } }];
    }
    const members = 'value' in read ? recordOf(read.value) : undefined;
    if (members && Object.hasOwn(members, 'format') && !hasHead) {
      hasHead = true;
      return [{ what: 'head', value: (read as { readonly value: Json }).value }];
    }
    if (members && Object.keys(members).join() === CHECKSUM) {
      const hash = members[CHECKSUM];
      if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) return [];
      checksum = 'read';
      return [{ what: 'checksum', hash, before: offset + MARKER.length }];
    }
    records++;
    return 'value' in read ? [{ what: 'record', value: read.value, place }] : [read];
  };

  return {
    push: (bytes) => splitter.push(bytes).flatMap(readDocument),
    end() {
      const last = splitter.end().flatMap(readDocument);
      // Every document of a file that was cut may be sound: that the checksum is missing is what tells.
      return checksum === 'none' ? [...last, { type: 'Truncated', place: end }] : last;
    },
  };
}

/** Null where there is nothing in it but blanks and comments. */
function parse(bytes: Uint8Array | null, place: Place): { readonly value: Json } | TextFault | null {
  if (!bytes) return { type: 'RecordTooLarge', place };
  const text = decodeUtf8(bytes);
  if (text === null) return { type: 'NotUtf8', place };
  if (isVoid(text)) return null;
  return loadYaml(text, place);
}

/** Whether a document is a line of dashes, blanks and comments, and no more. */
const isVoid = (text: string): boolean =>
  text.length < 10_000 && /^\ufeff?(?:---)?(?:[ \t]*(?:#[^\n]*)?\r?(?:\n|$))*(?:\.\.\.\s*)?$/.test(text);
