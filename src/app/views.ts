/** What the page reads of the store, typed by kind. */

import type { Fields } from '#core/entity.ts';
import type { FieldsOfKind } from '#entities/index.ts';
import type * as stored from '#store/store.ts';

/** An entity as it is now. Its fields have the types of its kind: what is absent or malformed reads as initial (`readFields`). */
export interface EntityView<K extends string = string, F = FieldsOfKind<K>> extends Omit<stored.EntityView, 'kind' | 'fields'> {
  readonly kind: K;
  readonly fields: F;
  /** The fields as they are stored, where one of them is malformed. */
  readonly stored?: Fields;
}

/** A kept revision of an entity. */
export interface HistoryEntry<K extends string = string, F = FieldsOfKind<K>> extends Omit<stored.HistoryEntry, 'fields'> {
  readonly fields: F;
}

export interface ListRequest<K extends string = string> extends Omit<stored.ListRequest, 'kind'> {
  readonly kind: K;
}

export interface ListAnswer<K extends string = string, F = FieldsOfKind<K>> extends Omit<stored.ListAnswer, 'items'> {
  readonly items: readonly EntityView<K, F>[];
}
