/**
 * Everything of an account as files: each note and each chat as a Markdown document that any editor opens, and every
 * entity with all of its fields as JSON. Secrets stay behind, and so do the private kinds.
 */
import type { EntityView, ListAnswer, ListRequest } from '#app/app.ts';
import type { EntityDeclaration, Fields } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import { chatAsMarkdown } from '#features/chat/chat-markdown.ts';
import { readMessage } from '#features/chat/chat-message.ts';
import { noteAsMarkdown, noteFileName } from '#ui/panels/notes/note-file.ts';

/** A piece of a file. Pieces of one file follow each other; `last` ends it. */
export interface ExportPiece {
  readonly path: string;
  readonly text: string;
  readonly last: boolean;
  /** Entities that the piece adds to the JSON files: the progress. */
  readonly entities: number;
}

export interface ExportSource {
  readonly kinds: Iterable<EntityDeclaration>;
  readonly list: (request: ListRequest) => Promise<Result<ListAnswer, StoreError>>;
  /** Takes a piece; resolves when it wants the next. */
  readonly write: (piece: ExportPiece) => Promise<void>;
  readonly signal: AbortSignal;
}

const PAGE = 200;
const PLACES = ['live', 'binned'] as const;

/** Writes every file, one after the other. Ends early with what failed; throws an AbortError where the person stops it. */
export async function exportFiles({ kinds, list, write, signal }: ExportSource): Promise<Result<void, StoreError>> {
  const names = createNames();
  await write({ path: 'README.txt', text: README, last: true, entities: 0 });
  for (const declaration of exported(kinds)) {
    const { kind } = declaration;
    for (const place of isDocument(kind) ? PLACES : []) {
      const listed = await eachPage(list, { kind, place, limit: PAGE }, signal, async (items) => {
        for (const entity of items) {
          const { folder, name, text } = await documentOf(entity, list, signal);
          await write({ path: names(`${place === 'binned' ? 'bin/' : ''}${folder}/${name}`), text, last: true, entities: 1 });
        }
      });
      if (!listed.ok) return listed;
    }
    const path = `data/${kind}.json`;
    let before = '[\n';
    for (const place of PLACES) {
      const listed = await eachPage(list, { kind, place, limit: PAGE }, signal, async (items) => {
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
  kinds: Iterable<EntityDeclaration>,
  count: (kind: string, place: 'live' | 'binned') => Promise<Result<number, StoreError>>,
): Promise<number> {
  let total = 0;
  for (const { kind } of exported(kinds)) {
    for (const place of PLACES) {
      const counted = await count(kind, place);
      total += (counted.ok ? counted.value : 0) * (isDocument(kind) ? 2 : 1);
    }
  }
  return total;
}

/** What belongs to this browser's account alone stays in it. */
const exported = (kinds: Iterable<EntityDeclaration>): readonly EntityDeclaration[] =>
  [...kinds].filter(({ scope }) => scope !== 'private');

const isDocument = (kind: string): boolean => kind === 'note' || kind === 'chat';

/** Calls `take` with each page of a list. */
async function eachPage(
  list: ExportSource['list'],
  request: ListRequest,
  signal: AbortSignal,
  take: (items: readonly EntityView[]) => Promise<void>,
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

function toRow({ fields: declared }: EntityDeclaration, { id, kind, place, updatedAt, fields }: EntityView): object {
  const open = Object.entries(fields).filter(([field]) => !declared[field]?.secret);
  return { kind, id, place, updatedAt: new Date(updatedAt).toISOString(), fields: Object.fromEntries(open) };
}

interface ExportDocument {
  readonly folder: string;
  readonly name: string;
  readonly text: string;
}

/** What a person would read of an entity, where there is such a thing. */
async function documentOf(
  { kind, id, fields }: EntityView,
  list: ExportSource['list'],
  signal: AbortSignal,
): Promise<ExportDocument> {
  if (kind === 'note') return { folder: 'notes', name: noteFileName(fields), text: noteAsMarkdown(fields) };
  const messages: ReturnType<typeof readMessage>[] = [];
  // A chat that cannot be read whole has its messages in the JSON all the same.
  await eachPage(list, { kind: 'message', parent: id, limit: PAGE }, signal, async (items) => {
    for (const message of items) messages.push(readMessage(message.id, message.fields));
  });
  const head = { title: textField(fields, 'title') || 'Untitled chat', model: textField(fields, 'model') };
  messages.sort((a, b) => a.createdAt - b.createdAt);
  const text = chatAsMarkdown({ ...head, systemPrompt: textField(fields, 'systemPrompt') }, messages);
  return { folder: 'chats', name: noteFileName({ title: head.title }), text };
}

const textField = (fields: Fields, name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');

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

const README = `This is everything of a Holdfast account that this device held.

notes/  each note as a Markdown document
chats/  each conversation as a Markdown document, every branch of it in the order of time
bin/    the same, of what lies in the bin
data/   every entry with all of its fields, one JSON file for each kind

API keys are not in it. Earlier versions of the notes are not in it.
`;
