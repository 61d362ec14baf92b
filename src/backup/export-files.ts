/**
 * Everything of an account as files: each document as a Markdown file that any editor opens, and every
 * entity with all of its fields as JSON. Secrets stay behind, and so do the private kinds.
 */
import type { EntityDeclaration, Fields } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import { documentFileName, documentMarkdown } from '#entities/document-file.ts';

/** A piece of a file. Pieces of one file follow each other; `last` ends it. */
export interface ExportPiece {
  readonly path: string;
  readonly text: string;
  readonly last: boolean;
  /** Entities that the piece adds to the JSON files: the progress. */
  readonly entities: number;
}

/** What is read of an entity. `stored` holds the fields as they are stored, where one of them is malformed. */
export interface ExportedEntity {
  readonly kind: string;
  readonly id: string;
  readonly lifecycle: 'live' | 'binned' | 'purged';
  /** Wall time in ms. */
  readonly updatedAt: number;
  readonly fields: Fields;
  readonly stored?: Fields;
}

/** A page of a list: of one kind, in one place or below one parent, from `after` on. */
export interface PageRequest {
  readonly kind: string;
  readonly lifecycle?: 'live' | 'binned';
  readonly parent?: string;
  readonly limit: number;
  readonly after?: string;
}

export interface Page {
  readonly items: readonly ExportedEntity[];
  /** Where the next page begins; null after the last. */
  readonly next: string | null;
}

export interface ExportSource {
  readonly kinds: readonly EntityDeclaration[];
  /** Whether the archive will have the files that the documents name, too. */
  readonly withFiles?: boolean;
  readonly list: (request: PageRequest) => Promise<Result<Page, StoreError>>;
  /** Takes a piece; resolves when it wants the next. */
  readonly write: (piece: ExportPiece) => Promise<void>;
  readonly signal: AbortSignal;
}

const PAGE = 200;
const PLACES = ['live', 'binned'] as const;

/** Writes every file, one after the other. Ends early with what failed; throws an AbortError where the person stops it. */
export async function exportFiles({
  kinds,
  list,
  write,
  signal,
  withFiles = false,
}: ExportSource): Promise<Result<void, StoreError>> {
  const names = createNames();
  await write({ path: 'README.txt', text: readmeText(kinds, withFiles), last: true, entities: 0 });
  for (const declaration of exported(kinds)) {
    const { kind } = declaration;
    const children = exported(kinds).filter(({ parent }) => parent?.kind === kind);
    for (const place of declaration.document ? PLACES : []) {
      const listed = await eachPage(list, { kind, lifecycle: place, limit: PAGE }, signal, async (items) => {
        for (const entity of items) {
          const text = await markdownOf(entity, declaration, children, { list, signal });
          const path = `${declaration.nouns.many}/${documentFileName(declaration, entity.fields)}`;
          await write({ path: names(place === 'binned' ? `bin/${path}` : path), text, last: true, entities: 1 });
        }
      });
      if (!listed.ok) return listed;
    }
    const path = `data/${kind}.json`;
    let before = '[\n';
    for (const place of PLACES) {
      const listed = await eachPage(list, { kind, lifecycle: place, limit: PAGE }, signal, async (items) => {
        const rows = items.map((entity) => JSON.stringify(toRow(declaration, entity)));
        await write({ path, text: before + rows.join(',\n'), last: false, entities: items.length });
        before = ',\n';
      });
      if (!listed.ok) return listed;
    }
    await write({ path, text: before === ',\n' ? '\n]\n' : '[]\n', last: true, entities: 0 });
  }
  return ok(undefined);
}

/** What an export will have written in the end, in the measure of `ExportPiece.entities`. */
export async function countExport(
  kinds: readonly EntityDeclaration[],
  count: (kind: string, lifecycle: 'live' | 'binned') => Promise<Result<number, StoreError>>,
): Promise<number> {
  let total = 0;
  for (const { kind, document } of exported(kinds)) {
    for (const place of PLACES) {
      const counted = await count(kind, place);
      total += (counted.ok ? counted.value : 0) * (document ? 2 : 1);
    }
  }
  return total;
}

/** What belongs to this browser's account alone stays in it. */
const exported = (kinds: readonly EntityDeclaration[]): readonly EntityDeclaration[] =>
  kinds.filter(({ scope }) => scope !== 'private');

/** Calls `take` with each page of a list. */
async function eachPage(
  list: ExportSource['list'],
  request: PageRequest,
  signal: AbortSignal,
  take: (items: readonly ExportedEntity[]) => Promise<void>,
): Promise<Result<void, StoreError>> {
  for (let after: string | undefined; ; ) {
    signal.throwIfAborted();
    const page = await list({ ...request, ...(after !== undefined && { after }) });
    if (!page.ok) return page;
    if (page.value.items.length > 0) await take(page.value.items);
    if (page.value.next === null) return ok(undefined);
    after = page.value.next;
  }
}

function toRow(
  { fields: declared }: EntityDeclaration,
  { id, kind, lifecycle: place, updatedAt, fields, stored }: ExportedEntity,
): object {
  const open = Object.entries(stored ?? fields).filter(([field]) => !declared[field]?.secret);
  // `place` is the word of the format.
  return { kind, id, place, updatedAt: new Date(updatedAt).toISOString(), fields: Object.fromEntries(open) };
}

/** What a person would read of an entity: its own text and that of its children, in order. */
async function markdownOf(
  { id, fields }: ExportedEntity,
  declaration: EntityDeclaration,
  children: readonly EntityDeclaration[],
  { list, signal }: Pick<ExportSource, 'list' | 'signal'>,
): Promise<string> {
  const parts: { readonly text: string; readonly at: number }[] = [];
  for (const { kind, markdown, orderField } of children) {
    // A document that cannot be read whole has its children in the JSON all the same.
    await eachPage(list, { kind, parent: id, limit: PAGE }, signal, async (items) => {
      for (const child of items) {
        const at = orderField === undefined ? 0 : child.fields[orderField];
        parts.push({ text: markdown?.(child.fields) ?? '', at: typeof at === 'number' ? at : 0 });
      }
    });
  }
  parts.sort((a, b) => a.at - b.at);
  return documentMarkdown(
    declaration,
    fields,
    parts.map(({ text }) => text),
  );
}

/** Gives each path once: a second `Plan.md` becomes `Plan (2).md`, also on systems that do not tell case apart. */
function createNames(): (path: string) => string {
  const taken = new Map<string, number>();
  return (path) => {
    const dot = path.lastIndexOf('.');
    for (let name = path; ; ) {
      const key = name.toLowerCase();
      if (!taken.has(key)) {
        taken.set(key, 1);
        return name;
      }
      const next = (taken.get(path.toLowerCase()) ?? 1) + 1;
      taken.set(path.toLowerCase(), next);
      name = `${path.slice(0, dot)} (${next})${path.slice(dot)}`;
    }
  };
}

const FILES_LINE = ['files/', 'the pictures and files that they name; MISSING.txt lists those that could not be had'] as const;

/** What lies where in the archive. */
function readmeText(kinds: readonly EntityDeclaration[], withFiles: boolean): string {
  const all = exported(kinds);
  const documents = all.filter(({ document }) => document);
  const lines = documents.map(({ kind, nouns }) => {
    const children = all.filter(({ parent, markdown }) => parent?.kind === kind && markdown);
    const inside = children.map((child) => ` with all of its ${child.nouns.many}, in the order of time`);
    return [`${nouns.many}/`, `each ${nouns.one} as a Markdown document${inside.join(' and')}`] as const;
  });
  const folders = [
    ...lines,
    ['bin/', 'the same, of what lies in the bin'],
    ['data/', 'every entry with all of its fields, one JSON file for each kind'],
    ...(withFiles ? [FILES_LINE] : []),
  ] as const;
  const width = Math.max(...folders.map(([folder]) => folder.length));
  const withHistory = documents.filter(({ document }) => document?.hasHistory).map(({ nouns }) => nouns.many);
  return `This is everything of a Holdfast account that this device held.

${folders.map(([folder, text]) => `${folder.padEnd(width)}  ${text}`).join('\n')}

API keys are not in it. Earlier versions of the ${withHistory.join(' and ')} are not in it.
`;
}
