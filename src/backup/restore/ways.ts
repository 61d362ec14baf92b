/** What the person has decided about each record of a backup. */
import type { BackupRecord } from '#backup/format/record.ts';
import { type Ledger, parentNamed } from '#core/entity.ts';
import { keyText, pairText } from '#core/entity-key.ts';
import type { RestoreChoice, RestoreWay } from '#core/restores.ts';

type Asked<V> = (record: Pick<BackupRecord, 'kind' | 'id' | 'fields'>) => V;
export type WayOf = Asked<RestoreWay>;

/** Whether a record is one that was asked for, or belongs to it. */
export function isAsked({ only }: RestoreChoice, ledger: Ledger): Asked<boolean> {
  return ({ kind, id, fields }) => {
    if (!only || (kind === only[0] && id === only[1])) return true;
    const parent = parentNamed(ledger.get(kind), fields);
    return parent !== null && pairText(parent) === pairText(only);
  };
}

/**
 * What was said of the entity itself counts, then what was said of its parent, of its kind, of its parent's kind, and of everything. One that was not
 * asked for is passed over.
 */
export function wayOf(choice: RestoreChoice, ledger: Ledger): WayOf {
  const { way, kinds = {}, entities = {} } = choice;
  const asked = isAsked(choice, ledger);
  const said = (ways: { readonly [key: string]: RestoreWay }, key: string): RestoreWay | undefined =>
    Object.hasOwn(ways, key) ? ways[key] : undefined;
  return (record) => {
    if (!asked(record)) return 'skip';
    const parent = parentNamed(ledger.get(record.kind), record.fields);
    const ofParent = parent ? said(entities, pairText(parent)) : undefined;
    const ofParentKind = parent ? said(kinds, parent[0]) : undefined;
    return said(entities, keyText(record)) ?? ofParent ?? said(kinds, record.kind) ?? ofParentKind ?? way;
  };
}
