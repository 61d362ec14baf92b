/** One name, changed or taken away in all documents of a kind that carry it, and that taken back. */
import type { App } from '#app/app.ts';
import type { StoreError } from '#core/errors.ts';
import type { Json } from '#core/json.ts';
import { createNameTally, type NameCount } from '#core/name-tally.ts';
import { isSameName, namesIn } from '#core/names.ts';
import { ok, type Result } from '#core/result.ts';
import type { DocumentKind } from '#entities/documents.ts';

export interface NameChange {
  readonly kind: DocumentKind;
  /** The facet's field. */
  readonly field: string;
  readonly from: string;
  /** The name that takes its place, cleaned; null takes it away. */
  readonly to: string | null;
}

/** What one document had: enough to take the change back, whatever else has been changed since. */
interface Changed {
  readonly id: string;
  readonly before: readonly string[];
  /** It did not carry the other name before. */
  readonly isAdded: boolean;
}

export interface NameOutcome {
  readonly changed: readonly Changed[];
  /** Documents of a newer app, which stay as they are. */
  readonly refused: number;
  /** What ended it early; what was changed until then is. */
  readonly error: StoreError | null;
}

export interface NameWatch {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

type NamesApp = Pick<App, 'list' | 'patchBy' | 'search'>;

/** Saves on their way at the same time: the store writes them one after the other, and the page stays free. */
const BATCH = 8;
const PAGE = 250;

/** Changes it in the documents in the bin, too. Ends after a batch where `signal` says so. */
export async function changeName(app: NamesApp, change: NameChange, watch: NameWatch): Promise<NameOutcome> {
  const found = await findCarriers(app, change);
  if (!found.ok) return { changed: [], refused: 0, error: found.error };
  const tried = new Map<string, Changed>();
  const { saved, ...outcome } = await inBatches(app, change, found.value, watch, (id, value) => {
    const names = namesIn(value);
    const isAdded = !names.some((name) => isOther(change, name) && isTarget(change, name));
    tried.set(id, { id, before: names.filter((name) => !isOther(change, name)), isAdded });
    return renamed(change, value);
  });
  return { ...outcome, changed: saved.flatMap((id) => tried.get(id) ?? []) };
}

/** Takes a change back where the other name still is: what was changed since on the same documents stays. */
export async function undoNameChange(
  app: NamesApp,
  change: NameChange,
  { changed }: Pick<NameOutcome, 'changed'>,
  watch: NameWatch,
): Promise<Omit<NameOutcome, 'changed'>> {
  const known = new Map(changed.map((one) => [one.id, one]));
  return inBatches(app, change, [...known.keys()], watch, (id, value) => {
    const one = known.get(id);
    return one ? restored(change, value, one) : null;
  });
}

const isTarget = ({ to }: NameChange, name: string): boolean => to !== null && isSameName(name, to);
const isOther = ({ from }: NameChange, name: string): boolean => !isSameName(name, from);
const isSet = ({ kind, field }: NameChange): boolean => kind.fields[field]?.rule === 'set';

/** The field's value after the change; null where there is nothing to change. */
function renamed(change: NameChange, value: Json | undefined): Json | null {
  const { to } = change;
  const names = namesIn(value);
  if (names.every((name) => isOther(change, name))) return null;
  if (!isSet(change)) return names[0] === to ? null : (to ?? '');
  const others = names.filter((name) => isOther(change, name));
  if (to === null || others.some((name) => isTarget(change, name))) return others;
  const next = replaceFirst(names, (name) => !isOther(change, name), [to]);
  return next.join('\n') === names.join('\n') ? null : next;
}

function restored(change: NameChange, value: Json | undefined, { before, isAdded }: Changed): Json | null {
  const names = namesIn(value);
  const isThere = change.to === null || names.some((name) => isTarget(change, name));
  if (!isThere) return null;
  if (!isSet(change)) return change.to === null && names.length > 0 ? null : (before[0] ?? null);
  if (change.to !== null && isAdded) return replaceFirst(names, (name) => isTarget(change, name), before);
  return names.some((name) => !isOther(change, name)) ? null : [...names, ...before];
}

/** `by` in the place of the first name that fits, without the others that fit. */
function replaceFirst(names: readonly string[], fits: (name: string) => boolean, by: readonly string[]): readonly string[] {
  const at = names.findIndex(fits);
  return names.flatMap((name, index) => (index === at ? by : fits(name) ? [] : [name]));
}

async function inBatches(
  app: NamesApp,
  { kind, field }: NameChange,
  ids: readonly string[],
  { signal, onProgress }: NameWatch,
  next: (id: string, value: Json | undefined) => Json | null,
): Promise<Omit<NameOutcome, 'changed'> & { readonly saved: readonly string[] }> {
  const saved: string[] = [];
  let refused = 0;
  onProgress(0, ids.length);
  for (let at = 0; at < ids.length && !signal.aborted; at += BATCH) {
    const batch = ids.slice(at, at + BATCH);
    const results = await Promise.all(
      batch.map((id) =>
        app.patchBy(kind.kind, id, (fields) => {
          const value = next(id, fields[field]);
          return value === null ? null : { [field]: value };
        }),
      ),
    );
    for (const [index, result] of results.entries()) {
      if (result.ok) saved.push(...(result.value ? batch.slice(index, index + 1) : []));
      else if (result.error.type === 'NewerEntity') refused += 1;
      else return { saved, refused, error: result.error };
    }
    onProgress(at + batch.length, ids.length);
  }
  return { saved, refused, error: null };
}

/** Ids of the documents with the name, those in the bin included: from the search index, or by looking through all. */
async function findCarriers(app: NamesApp, { kind, field, from }: NameChange): Promise<Result<readonly string[], StoreError>> {
  const search = await app.search().catch(() => null);
  const found = await search?.carriers({ kind: kind.kind, names: { [field]: from }, all: true });
  if (found?.ok) return found;
  const ids: string[] = [];
  const read = await eachDocument(app, kind, ['live', 'binned'], (id, fields) => {
    if (namesIn(fields[field]).some((name) => isSameName(name, from))) ids.push(id);
  });
  return read.ok ? ok(ids) : read;
}

/** The names of a field over all live documents, in no order: from the search index, or by looking through all. */
export async function countNames(
  app: NamesApp,
  kind: DocumentKind,
  field: string,
): Promise<Result<readonly NameCount[], StoreError>> {
  const search = await app.search().catch(() => null);
  const counted = await search?.names(kind.kind);
  if (counted?.ok) return ok(counted.value[field] ?? []);
  const tally = createNameTally();
  const read = await eachDocument(app, kind, ['live'], (_, fields) => tally.add(namesIn(fields[field])));
  return read.ok ? ok(tally.counts()) : read;
}

async function eachDocument(
  app: NamesApp,
  { kind }: DocumentKind,
  lifecycles: readonly ('live' | 'binned')[],
  take: (id: string, fields: { readonly [field: string]: Json }) => void,
): Promise<Result<void, StoreError>> {
  for (const lifecycle of lifecycles) {
    let after: string | null | undefined;
    while (after !== null) {
      const page = await app.list({ kind, lifecycle, limit: PAGE, ...(after !== undefined && { after }) });
      if (!page.ok) return page;
      for (const { id, fields } of page.value.items) take(id, fields);
      after = page.value.next;
    }
  }
  return ok(undefined);
}
