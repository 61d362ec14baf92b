/** One Markdown file as a document: what its front matter, its text, its name and its folder say. */
import { BINNED_AT, type Fields } from '#core/entity.ts';
import { isUuid } from '#core/ids.ts';
import type { Json, JsonObject } from '#core/json.ts';
import { cleanName, cleanTag, splitNames, uniqueNames } from '#core/names.ts';
import { type DocumentKind, documentKind } from '#entities/documents.ts';
import { DOCUMENT } from './folder.ts';
import { readTime, type SplitFile, splitFrontMatter, withRest } from './front-matter.ts';
import { baseName, findTags } from './links.ts';
import { toReferences } from './references.ts';

export interface ReadFile {
  /** The id that it was written with; null where it is another app's. */
  readonly id: string | null;
  /** The kind that it says it is, where that is none whose text is its file. */
  readonly otherKind: string | null;
  readonly title: string;
  /** Its links are those of the file. */
  readonly text: string;
  /** All but title and text. */
  readonly fields: Fields;
  /** Wall times in ms; undefined where it does not say. */
  readonly created: number | undefined;
  readonly updated: number | undefined;
  readonly fault: SplitFile['fault'];
}

const CREATED = ['created', 'created_at', 'createdat', 'created at', 'date created', 'date'];
const UPDATED = ['updated', 'updated_at', 'updatedat', 'updated at', 'modified', 'date modified', 'last modified', 'lastmod'];
const TAGS = ['tags', 'tag', 'keywords'];
/** What Notion puts behind each name. */
const NOTION_ID = / [0-9a-f]{32}$/;

/** `declaration`: of the kind whose text is its file. */
export function readFile(path: string, file: string, declaration: DocumentKind): ReadFile {
  const { matter, text: body, fault } = splitFrontMatter(file);
  const taken = new Set<string>();
  const members = new Map(Object.entries(matter).map(([key, value]) => [key.toLowerCase(), { key, value }] as const));
  /** The first of these members that says something. */
  const member = (...names: readonly string[]): Json | undefined => {
    for (const name of names) {
      const found = members.get(name);
      if (found) taken.add(found.key);
      if (found && found.value !== null) return found.value;
    }
    return undefined;
  };
  const givenId = member('id');
  const id = typeof givenId === 'string' && isUuid(givenId) ? givenId : null;
  if (id === null) taken.delete('id');
  const kind = member('kind');
  const other = typeof kind === 'string' && kind !== declaration.kind && documentKind(kind) ? kind : null;
  if (other === null) taken.delete('kind');

  const { titleField, starField, pinField, facets = [] } = declaration.document;
  const fields: { [field: string]: Json } = {};
  const isOwn = id !== null;
  const title = scalarText(member(titleField, 'title'));
  for (const { field } of facets) {
    if (declaration.fields[field]?.rule === 'set') {
      const value = member(field, ...TAGS);
      const names = isOwn && isTexts(value) ? value : readTags(value, isOwn ? '' : body);
      if (isOwn || names.length > 0) fields[field] = names;
    } else {
      const name = scalarText(member(field)) ?? (isOwn && taken.has('binned') ? '' : folderName(path, isOwn));
      if (isOwn || name !== '') fields[field] = name;
    }
  }
  for (const [field, ...names] of [
    [starField, 'starred', 'star', 'favorite', 'favourite'],
    [pinField, 'pinned'],
  ]) {
    if (field === undefined) continue;
    const value = member(field, ...(names as readonly string[]));
    if (typeof value === 'boolean') fields[field] = value;
    else if (isOwn) fields[field] = false;
  }
  const binned = readTime(member('binned'));
  if (isOwn) fields[BINNED_AT] = binned ?? null;
  else taken.delete('binned');
  const created = readTime(member(...CREATED));
  const updated = readTime(member(...UPDATED));
  const rest = restOf(matter, taken, { created, updated });
  const clean = isOwn ? body : body.replace(/^(?:[ \t]*\r?\n)+/, '');
  return {
    ...{ id, otherKind: other, fields, created, updated, fault },
    title: title ?? (isOwn ? '' : (headingOf(clean) ?? cleanFileTitle(path))),
    text: toReferences(withRest(rest, clean)),
  };
}

/** What no field has a place for, a time that cannot be read among it. */
function restOf(
  matter: JsonObject,
  taken: ReadonlySet<string>,
  { created, updated }: Pick<ReadFile, 'created' | 'updated'>,
): readonly (readonly [string, Json])[] {
  const isLost = (key: string): boolean =>
    (created === undefined && CREATED.includes(key.toLowerCase())) ||
    (updated === undefined && UPDATED.includes(key.toLowerCase()));
  return Object.entries(matter).filter(([key, value]) => value !== null && (!taken.has(key) || isLost(key)));
}

const scalarText = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;

const isTexts = (value: Json | undefined): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

/** Those of the front matter, a list or a text with commas or blanks, and those within the text. */
function readTags(value: Json | undefined, text: string): readonly string[] {
  const said = Array.isArray(value)
    ? value.flatMap((item: Json) => scalarText(item) ?? [])
    : splitNames((scalarText(value) ?? '').replace(/\s+#/g, ',#'));
  return uniqueNames([...said, ...findTags(text)].map(cleanTag).filter((name) => name !== ''));
}

/** The folder of a file as one name: `Biology/Plants`. */
function folderName(path: string, isOwn: boolean): string {
  const parts = path.split('/').slice(0, -1);
  const own = isOwn && parts[0] === 'Bin' ? parts.slice(1) : parts;
  return cleanName(own.map((part) => part.replace(NOTION_ID, '')).join('/'));
}

const cleanFileTitle = (path: string): string =>
  baseName(path).replace(DOCUMENT, '').replace(NOTION_ID, '').normalize('NFC').trim();

const HEAD_LINES = 30;

/** The first heading of the first degree near the beginning, outside of code. */
function headingOf(text: string): string | undefined {
  for (const line of text.slice(0, 10_000).split(/\r?\n/, HEAD_LINES)) {
    if (/^(?:```|~~~)/.test(line)) return undefined;
    const [, heading] = /^#[ \t]+(\S[^\n]{0,300})$/.exec(line) ?? [];
    if (heading) return heading.replace(/[ \t]+#*[ \t]*$/, '').trim();
  }
  return undefined;
}
