import type { EntityDeclaration, Fields, Ledger } from '#core/entity.ts';
import { type KeyPair, keyText } from '#core/entity-key.ts';
import type { StoreError } from '#core/errors.ts';
import type { EntityId } from '#core/ids.ts';
import type { Json } from '#core/json.ts';
import type { Result } from '#core/result.ts';

/** An entity as a reader of the store meets it, as far as search looks at it. */
export interface SearchedEntity {
  readonly kind: string;
  readonly id: EntityId;
  readonly fields: Fields;
  readonly updatedAt: number;
  readonly lifecycle: 'live' | 'binned' | 'purged';
}

/** Entities by `[kind, id]`, in that order. */
export type ReadEntities = (keys: readonly KeyPair[]) => Promise<Result<readonly (SearchedEntity | null)[], StoreError>>;

/** What is indexed of an entity. `top` names the entity that a hit opens: a message's chat, or the entity itself. */
export interface SearchDocument {
  readonly key: string;
  readonly top: string;
  readonly updatedAt: number;
  readonly title: string;
  readonly labels: string;
  readonly text: string;
}

/** The fields that are searched, by what they are; null for a kind that search leaves alone. Private and device-scoped kinds never enter. */
export interface SearchedKind {
  readonly kind: string;
  readonly title: readonly string[];
  readonly labels: readonly string[];
  readonly text: readonly string[];
  readonly parent: EntityDeclaration['parent'];
  readonly searchedAs: EntityDeclaration['searchedAs'];
}

/** The searched kinds of the ledger, in its order. */
export function searchedKinds(ledger: Ledger): ReadonlyMap<string, SearchedKind> {
  const kinds = [...ledger.values()].map(searchedKind).filter((kind) => kind !== null);
  return new Map(kinds.map((kind) => [kind.kind, kind]));
}

function searchedKind({ kind, scope, parent, fields, document, searchedAs }: EntityDeclaration): SearchedKind | null {
  if (scope !== 'synced') return null;
  const searched = Object.entries(fields).filter(([, { searchable, secret }]) => searchable && !secret);
  if (searched.length === 0 && !searchedAs) return null;
  const isTitle = (name: string): boolean => name === document?.titleField;
  const names = (fits: (name: string, rule: string) => boolean): readonly string[] =>
    searched.filter(([name, { rule }]) => fits(name, rule)).map(([name]) => name);
  return {
    kind,
    parent,
    searchedAs,
    title: names(isTitle),
    text: names((name, rule) => rule === 'text' && !isTitle(name)),
    labels: names((name, rule) => rule !== 'text' && !isTitle(name)),
  };
}

/** Names what is indexed and how: an index that was made from another ledger is made again. */
export const shapeOf = (kinds: ReadonlyMap<string, SearchedKind>): string =>
  JSON.stringify([...kinds.values()].map((kind) => ({ ...kind, searchedAs: kind.searchedAs !== undefined })));

/** Null where the entity is not searched: its kind, the bin, a tombstone, a child without a parent. */
export function toDocument(
  kinds: ReadonlyMap<string, SearchedKind>,
  { kind, id, fields, updatedAt, lifecycle }: SearchedEntity,
): SearchDocument | null {
  const searched = kinds.get(kind);
  if (!searched || lifecycle !== 'live') return null;
  if (searched.searchedAs) {
    const as = searched.searchedAs(fields);
    return as && { key: keyText({ kind, id }), top: keyText(as), updatedAt, title: '', labels: '', text: as.text };
  }
  const parentId = searched.parent ? fields[searched.parent.field] : id;
  if (typeof parentId !== 'string') return null;
  const read = (names: readonly string[]): string => names.map((name) => asText(fields[name])).join('\n');
  return {
    key: keyText({ kind, id }),
    top: keyText({ kind: searched.parent?.kind ?? kind, id: parentId }),
    updatedAt,
    title: read(searched.title),
    labels: read(searched.labels),
    text: read(searched.text),
  };
}

function asText(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string').join('\n') : '';
}
