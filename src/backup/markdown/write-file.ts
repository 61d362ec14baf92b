/** A document as a Markdown file with front matter: what other apps read of it, and what it is known by when it comes back. */
import type { BackupRecord } from '#backup/format/record.ts';
import { yamlMembers } from '#backup/format/yaml-write.ts';
import { parseStamp } from '#core/clock.ts';
import { BINNED_AT, capitalize } from '#core/entity.ts';
import { timeOfId } from '#core/ids.ts';
import type { Json } from '#core/json.ts';
import { documentFileName, documentMarkdown } from '#entities/document-file.ts';
import type { DocumentKind } from '#entities/documents.ts';
import { folderOf } from './file-names.ts';

/** Whether the text of a document is one of its fields: its file then has that text, as it is. */
export const isPlainText = ({ document }: DocumentKind): boolean =>
  document.linkedByTitle === true && document.textField !== undefined;

/** Where a document lies: in a folder of its facet with one name (its notebook), or in that of its kind. */
export function filePath(declaration: DocumentKind, { fields }: BackupRecord): string {
  const { nouns, document } = declaration;
  const kind = isPlainText(declaration) ? '' : `${capitalize(nouns.many)}/`;
  const [facet] = (document.facets ?? []).filter(({ field }) => declaration.fields[field]?.rule === 'value');
  const name = facet && fields[facet.field];
  const folder = typeof name === 'string' ? folderOf(name) : '';
  return `${fields[BINNED_AT] == null ? '' : 'Bin/'}${kind}${folder}${documentFileName(declaration, fields)}`;
}

/** The text of the file. `children` are their Markdown, in their order. */
export function fileText(declaration: DocumentKind, record: BackupRecord, children: readonly string[]): string {
  const { textField = '' } = declaration.document;
  const text = record.fields[textField];
  const plain = isPlainText(declaration) ? (typeof text === 'string' ? text : '') : null;
  return `---\n${yamlMembers(frontMatter(declaration, record))}---\n${plain ?? documentMarkdown(declaration, record.fields, children)}`;
}

/** When any of its fields was last written, in ms. */
export const updatedAt = ({ stamps }: BackupRecord): number =>
  Math.max(0, ...Object.values(stamps).map((stamp) => parseStamp(stamp).ms));

function frontMatter(declaration: DocumentKind, record: BackupRecord): readonly (readonly [member: string, value: Json])[] {
  const { kind, document } = declaration;
  const { id, fields } = record;
  const { titleField, starField, pinField, facets = [] } = document;
  const created = timeOfId(id);
  const binned = fields[BINNED_AT];
  const given = (field: string | undefined): readonly (readonly [string, Json])[] => {
    const value = field === undefined ? undefined : fields[field];
    return field === undefined || !isSaid(value) ? [] : [[field, value]];
  };
  return [
    ['id', id],
    ...(isPlainText(declaration) ? [] : [['kind', kind] as const]),
    ['title', fields[titleField] ?? ''],
    ...facets.flatMap(({ field }) => given(field)),
    ...given(starField),
    ...given(pinField),
    ...(created === null ? [] : [['created', isoTime(created)] as const]),
    ['updated', isoTime(updatedAt(record))],
    ...(typeof binned === 'number' ? [['binned', isoTime(binned)] as const] : []),
  ];
}

/** A value that is not what an absent one reads as. */
const isSaid = (value: Json | undefined): value is Json =>
  value !== undefined && value !== null && value !== '' && value !== false && !(Array.isArray(value) && value.length === 0);

/** Times that no calendar has are written as their number. */
const isoTime = (ms: number): string => (ms <= 8.64e15 ? new Date(ms).toISOString() : String(ms));
