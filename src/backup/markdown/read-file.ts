/** One Markdown file as a document: what its front matter, its text, its name and its folder say. */
import { BINNED_AT, type Fields } from '#core/entity.ts';
import { isUuid } from '#core/ids.ts';
import type { Json } from '#core/json.ts';
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
  /** What the first of these members says that `read` understands. One that nobody understands stays in the text. */
  const take = <T>(names: readonly (string | undefined)[], read: (value: Json) => T | undefined): T | undefined => {
    for (const name of names) {
      const member = name === undefined ? undefined : members.get(name);
      const found = member && member.value !== null ? read(member.value) : undefined;
      if (member && found !== undefined) {
        taken.add(member.key);
        return found;
      }
    }
    return undefined;
  };
  const id = take(['id'], (value) => (typeof value === 'string' && isUuid(value) ? value : undefined)) ?? null;
  const isOther = (kind: string): boolean => kind !== declaration.kind && documentKind(kind) !== undefined;
  const other = take(['kind'], (value) => (typeof value === 'string' && isOther(value) ? value : undefined)) ?? null;

  const { titleField, starField, pinField, facets = [] } = declaration.document;
  const fields: { [field: string]: Json } = {};
  const isOwn = id !== null;
  const title = take([titleField, 'title'], scalarText);
  for (const { field } of facets) {
    if (declaration.fields[field]?.rule === 'set') {
      let said: readonly string[] = [];
      const readNames = (value: Json): true | undefined => {
        said = isOwn && isTexts(value) ? value : namesOf(value);
        return isPlain(value) || undefined;
      };
      take([field, ...TAGS], readNames);
      const names = isOwn
        ? said
        : uniqueNames([
            ...said,
            ...findTags(body)
              .map(cleanTag)
              .filter((name) => name !== ''),
          ]);
      if (isOwn || names.length > 0) fields[field] = names;
    } else {
      const name = take([field], scalarText) ?? folderName(path, isOwn);
      if (isOwn || name !== '') fields[field] = name;
    }
  }
  for (const [field, ...names] of [
    [starField, 'starred', 'star', 'favorite', 'favourite'],
    [pinField, 'pinned'],
  ]) {
    if (field === undefined) continue;
    const value = take([field, ...names], readSwitch);
    if (value !== undefined) fields[field] = value;
    else if (isOwn) fields[field] = false;
  }
  if (isOwn) fields[BINNED_AT] = take(['binned'], readTime) ?? null;
  const created = take(CREATED, readTime);
  const updated = take(UPDATED, readTime);
  // What no field has a place for.
  const rest = Object.entries(matter).filter(([key, value]) => value !== null && !taken.has(key));
  const clean = isOwn ? body : body.replace(/^(?:[ \t]*\r?\n)+/, '');
  return {
    ...{ id, otherKind: other, fields, created, updated, fault },
    title: title || (isOwn ? '' : (headingOf(clean) ?? cleanFileTitle(path))),
    text: toReferences(withRest(rest, clean)),
  };
}

const scalarText = (value: Json): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;

/** YAML 1.2 has two words for it, people and YAML 1.1 have more. */
function readSwitch(value: Json): boolean | undefined {
  const word = String(value).toLowerCase();
  if (['true', 'yes', 'on'].includes(word)) return true;
  return ['false', 'no', 'off'].includes(word) ? false : undefined;
}

const isTexts = (value: Json | undefined): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

/** The names in a list, also in lists within it, or in a text with commas. */
const namesOf = (value: Json): readonly string[] =>
  Array.isArray(value)
    ? uniqueNames(value.flat(Number.POSITIVE_INFINITY).flatMap((item: Json) => cleanTag(scalarText(item) ?? '') || []))
    : splitNames((scalarText(value) ?? '').replace(/\s+#/g, ',#'));

/** Whether `namesOf` has all of it. */
const isPlain = (value: Json): boolean =>
  Array.isArray(value)
    ? value.flat(Number.POSITIVE_INFINITY).every((item: Json) => item === null || scalarText(item) !== undefined)
    : scalarText(value) !== undefined;

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
