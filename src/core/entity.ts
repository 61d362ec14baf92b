import type { Stamp } from './clock.ts';
import type { KeyPair } from './entity-key.ts';
import { equalJson, type Json } from './json.ts';

/** The values of an entity, by field. Fields that this version does not know are kept as they came. */
export type Fields = { readonly [field: string]: Json };

/** When each field was last written, by field. */
export type Stamps = { readonly [field: string]: Stamp };

/** What travels and is stored by the server as one opaque string: `canonicalJson({ fields, stamps })`. */
export interface Body {
  readonly fields: Fields;
  readonly stamps: Stamps;
}

/**
 * How two changed values of one field become one.
 * - `value`: newer wins by stamp.
 * - `text`: merged by lines, then by words inside a hunk; what overlaps goes to the policy.
 * - `set`: an array of unique strings; adds and removes of both sides are kept.
 * - `counter`: a number; both differences are added.
 * - `list`: `{ [itemId]: { order: string, ... } }`, merged like a map, shown by `order`.
 * - `map`: an object, merged by key, newer wins for a key that both changed.
 */
export type MergeRule = 'value' | 'text' | 'set' | 'counter' | 'list' | 'map';

/** Where a kind's entities go: to every device, to the server under this device's id, or nowhere. */
export type Scope = 'synced' | 'device' | 'private';

export interface FieldDeclaration<T extends Json = Json> {
  readonly rule: MergeRule;
  /** The value that an absent field reads as. It is never written by itself. */
  readonly initial: T;
  /** Secret fields never reach history, merge log, search, drafts or a default export. */
  readonly secret?: true;
  /** What of a value is no secret: backups, histories and exports have this of it. */
  readonly open?: (value: Json) => Json;
  /** Whether text search and a list's filter look into the field. */
  readonly searchable?: true;
  /**
   * Kept by the app, not written by a person: where two devices differ the newer value wins, whatever the policy. The
   * merge log has the other, and no panel shows it.
   */
  readonly bookkeeping?: true;
  /** A change of this field alone is no edit: the document stays where it is in its list, and "Edited" says what it said. */
  readonly noEdit?: true;
  /** The value names this device: brought into another account, it names the device as it is called there. */
  readonly namesDevice?: true;
  /** Whether a value has the field's shape. What another version or an import wrote may not: it then reads as `initial`. */
  readonly check: (value: Json) => value is T;
  /** What can be read of a value without that shape; absent: nothing of it, and the field reads as `initial`. */
  readonly salvage?: (value: Json) => T | undefined;
}

export type FieldDeclarations = { readonly [field: string]: FieldDeclaration };

/** The values of declared fields, as `readFields` gives them. */
export type ValuesOf<F extends FieldDeclarations> = {
  readonly [N in keyof F]: F[N] extends FieldDeclaration<infer T> ? T : never;
};

/** The fields of a kind: `FieldsOf<typeof note>`. */
export type FieldsOf<D> = D extends { readonly fields: infer F extends FieldDeclarations } ? ValuesOf<F> : never;

/** What a person calls the entities of a kind, in a sentence: *note*, *notes*. */
export interface Nouns {
  readonly one: string;
  readonly many: string;
}

/** A field that holds a name, or a set of names, which many documents share: *tag*, *notebook*. */
export interface Facet<N extends string = string> {
  readonly field: N;
  readonly nouns: Nouns;
}

/** What the UI must know to list, open, name and export the entities of a kind as documents. Each has a bin (`BINNED_AT`). */
export interface DocumentDeclaration<N extends string = string> {
  /** The field with its title. */
  readonly titleField: N;
  /** The flag that stars it; absent where it has no star. */
  readonly starField?: N;
  /** The flag that keeps it at the top of its list; absent where it cannot be pinned. */
  readonly pinField?: N;
  /** The text whose beginning a list shows. */
  readonly textField?: N;
  /** The time at which it was last used, in ms, by which lists are in order: null is never. Absent: any change is a use. */
  readonly usedField?: N;
  /** By what a list of them can be narrowed, in the order in which they are offered. */
  readonly facets?: readonly Facet<N>[];
  /** Links by title, such as `[[Photosynthesis]]`, lead to it. One kind says so. */
  readonly linkedByTitle?: true;
  /** Its earlier revisions can be shown and restored. */
  readonly hasHistory: boolean;
  /** The name of its icon in the sprite. */
  readonly icon: string;
}

/** One kind, one declaration: everything that the store, the merge, the backup, the UI and the tests need to know of it. */
export interface EntityDeclaration<K extends string = string, F extends FieldDeclarations = FieldDeclarations> {
  readonly kind: K;
  /** Schema version. Raised together with an entry in `migrations`. */
  readonly version: number;
  readonly scope: Scope;
  readonly nouns: Nouns;
  /** Absent: not opened by itself. */
  readonly document?: DocumentDeclaration;
  /** The field that names the parent's id, for children that follow their parent into the bin. */
  readonly parent?: { readonly field: string; readonly kind: string };
  /** The number by which children are read in order; absent, they are in the order in which they were made. */
  readonly orderField?: string;
  readonly fields: F;
  /** `migrations[n]` turns fields of version n - 1 into fields of version n. A view on reading; it never writes. */
  readonly migrations: { readonly [version: number]: (fields: Fields) => Fields };
  /** Append-only kinds are created once and never edited: no history, no editor. */
  readonly appendOnly?: true;
  /** Of scope `device`, and yet a person's words: they come along where the work of this browser is brought into another account. */
  readonly comesAlong?: true;
  /**
   * How it counts among the changes that wait to be sent: absent, as a document of its own (a child as its parent);
   * `part` as belonging to whatever else waits; `none` is nothing that a person would call a change.
   */
  readonly counts?: 'part' | 'none';
  /** The app keeps it for itself, as it does tabs and hints: nobody is asked before an unsaved change to it is lost. */
  readonly wordless?: true;
  /** It tells the account's other devices of something at the time when it is written: a restore does not bring it back. */
  readonly news?: true;
  /** What a person would call this entity, for lists, the palette and the bin. Takes fields as they are stored. */
  readonly title: (fields: Fields) => string;
  /**
   * The entity as Markdown for an export, '' where there is nothing to say. A document is its own text followed by that of its
   * children, in their order. Takes fields as they are stored. Absent: only in the JSON.
   */
  readonly markdown?: (fields: Fields) => string;
  /** Its words are found as those of another entity, as long as it gives one. Takes fields as they are stored. */
  readonly searchedAs?: (fields: Fields) => SearchedAs | null;
  /** A filled example that feeds every test driven by the ledger. */
  readonly sample: () => ValuesOf<F>;
}

/** Words that belong to an entity and are kept in another one. */
export interface SearchedAs {
  readonly kind: string;
  readonly id: string;
  readonly text: string;
}

type Name<F> = keyof F & string;
type NamesOf<F extends FieldDeclarations, T> = { readonly [N in Name<F>]: ValuesOf<F>[N] extends T ? N : never }[Name<F>];

/** What is written down for a kind: its functions are given the values of its fields. */
export interface EntityDefinition<K extends string, F extends FieldDeclarations>
  extends Omit<EntityDeclaration<K, F>, 'document' | 'parent' | 'orderField' | 'title' | 'markdown' | 'searchedAs'> {
  readonly document?: Pick<DocumentDeclaration, 'hasHistory' | 'icon' | 'linkedByTitle'> & {
    readonly titleField: NamesOf<F, string>;
    readonly starField?: NamesOf<F, boolean>;
    readonly pinField?: NamesOf<F, boolean>;
    readonly textField?: NamesOf<F, string>;
    readonly usedField?: NamesOf<F, number | null>;
    readonly facets?: readonly Facet<NamesOf<F, string | readonly string[]>>[];
  };
  readonly parent?: { readonly field: NamesOf<F, string | null>; readonly kind: string };
  readonly orderField?: NamesOf<F, number>;
  /** Absent: a document's title, else the kind's noun. */
  readonly title?: (fields: ValuesOf<F>) => string;
  readonly markdown?: (fields: ValuesOf<F>) => string;
  readonly searchedAs?: (fields: ValuesOf<F>) => SearchedAs | null;
}

/** Declares a kind. The types of its fields follow from their declarations: `FieldsOf<typeof note>`. */
export function defineEntity<const K extends string, F extends FieldDeclarations>({
  title,
  markdown,
  searchedAs,
  ...definition
}: EntityDefinition<K, F>): EntityDeclaration<K, F> {
  const { nouns, document } = definition;
  const read = (fields: Fields): ValuesOf<F> => readFields(definition, fields);
  const titleOf = (fields: Fields): string => String((document && read(fields)[document.titleField]) || `Untitled ${nouns.one}`);
  return {
    ...definition,
    title: title ? (fields) => title(read(fields)) : document ? titleOf : () => capitalize(nouns.one),
    ...(markdown && { markdown: (fields: Fields) => markdown(read(fields)) }),
    ...(searchedAs && { searchedAs: (fields: Fields) => searchedAs(read(fields)) }),
  };
}

/**
 * The fields of a kind with their types. One that is absent or malformed reads as its initial value, or as those of its members
 * that fit; what is stored stays as it is, and so do fields that this version does not know. Gives `fields` itself where all of them fit.
 */
export function readFields<F extends FieldDeclarations>(declaration: { readonly fields: F }, fields: Fields): ValuesOf<F> {
  let read: { [field: string]: Json } | undefined;
  for (const field in declaration.fields) {
    const { check, initial, salvage } = declaration.fields[field] as FieldDeclaration;
    const value = Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (value !== undefined && check(value)) continue;
    read ??= { ...fields };
    read[field] = (value !== undefined ? salvage?.(value) : undefined) ?? initial;
  }
  // Each field was checked above by its own declaration, which the type follows from.
  return (read ?? fields) as ValuesOf<F>;
}

/** *note* at the start of a sentence: *Note*. */
export const capitalize = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;

/** The parent that the fields of an entity name; null where its kind has none, or it names none. */
export function parentNamed(declaration: EntityDeclaration | undefined, fields: Fields): KeyPair | null {
  const parent = declaration?.parent;
  const id = parent && fields[parent.field];
  return parent && typeof id === 'string' ? [parent.kind, id] : null;
}

/** The ledger: all declarations by kind. */
export type Ledger = ReadonlyMap<string, EntityDeclaration>;

/** The field that every top-level entity has: when it was put into the bin (ms), or null while it lives. */
export const BINNED_AT = 'binnedAt';

/** Whether a patch counts as an edit: one of its fields does (`FieldDeclaration.noEdit`). */
export const isEdit = (declaration: EntityDeclaration | undefined, patch: Fields): boolean =>
  Object.keys(patch).some((field) => !declaration?.fields[field]?.noEdit);

/** The rule for a field. Unknown kinds and fields merge as plain values. */
export function ruleFor(declaration: EntityDeclaration | undefined, field: string): MergeRule {
  return declaration?.fields[field]?.rule ?? 'value';
}

/** What an absent field reads as. Every kind may have a bin, also one that this version does not know. */
export function initialOf(declaration: EntityDeclaration | undefined, field: string): Json | undefined {
  const declared = declaration && Object.hasOwn(declaration.fields, field) ? declaration.fields[field] : undefined;
  return declared ? declared.initial : field === BINNED_AT ? null : undefined;
}

/** The fields as this version of the app reads them: migrated, with initial values for what is absent. */
export function viewFields(declaration: EntityDeclaration | undefined, v: number, fields: Fields): Fields {
  if (!declaration || v > declaration.version) return fields;
  const migrated = migrateFields(declaration, v, fields);
  const view: { [field: string]: Json } = {};
  for (const [field, { initial }] of Object.entries(declaration.fields)) view[field] = initial;
  return { ...view, ...migrated };
}

/** Runs the migrations from version `v` to the declaration's own. */
export function migrateFields(declaration: EntityDeclaration, v: number, fields: Fields): Fields {
  let migrated = fields;
  for (let next = v + 1; next <= declaration.version; next++) {
    const migrate = declaration.migrations[next];
    if (migrate) migrated = migrate(migrated);
  }
  return migrated;
}

/**
 * A body of version `v` at the declaration's own version. What a migration puts into another field keeps the stamp that it had:
 * a value that nobody has changed is no older under its new name.
 */
export function migrateBody(declaration: EntityDeclaration, v: number, body: Body): Body {
  const fields = migrateFields(declaration, v, body.fields);
  if (fields === body.fields) return body;
  const gone = Object.keys(body.fields).filter((field) => !Object.hasOwn(fields, field));
  const stamps = Object.fromEntries(Object.entries(body.stamps).filter(([field]) => !gone.includes(field)));
  const latest = gone
    .flatMap((field) => body.stamps[field] ?? [])
    .sort()
    .at(-1);
  for (const [field, value] of Object.entries(fields)) {
    if (Object.hasOwn(body.fields, field) || Object.hasOwn(stamps, field)) continue;
    const moved = gone.find((one) => equalJson(body.fields[one], value));
    const stamp = (moved === undefined ? undefined : body.stamps[moved]) ?? latest;
    if (stamp !== undefined) stamps[field] = stamp;
  }
  return { fields, stamps };
}
