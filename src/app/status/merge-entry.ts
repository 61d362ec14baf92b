/** An entry of the merge log, and the way back from it: an ordinary edit that restores what lost. */
import type { EntityView } from '#app/views.ts';
import { BINNED_AT, type Fields } from '#core/entity.ts';
import { equalJson, type Json } from '#core/json.ts';
import { listOf, textOf } from '#core/json-shape.ts';
import type { MergeOutcome } from '#core/merge/merge.ts';
import { type FieldsOfKind, ledger } from '#entities/index.ts';

export interface MergeEntry extends Omit<FieldsOfKind<'merge-log'>, 'outcomes'> {
  readonly id: string;
  readonly outcomes: readonly MergeOutcome[];
}

/** An entry of the log, without the outcomes that this version cannot read. */
export function parseMergeEntry({ id, fields }: EntityView<'merge-log'>): MergeEntry {
  return { ...fields, id, outcomes: listOf(fields.outcomes).filter(isOutcome) };
}

/** What of a merge is worth a person's eyes: not what the app keeps for itself. */
export function shownOutcomes({ entityKind, outcomes }: MergeEntry): readonly MergeOutcome[] {
  const fields = ledger.get(entityKind)?.fields;
  return outcomes.filter(({ field }) => !fields?.[field]?.bookkeeping);
}

/** Entries come from every device, newer versions of the app included: what has another shape is not shown. */
function isOutcome(value: unknown): value is MergeOutcome {
  const { field, type } = Object(value);
  return typeof field === 'string' && (type === 'both' || type === 'newer');
}

/** What an undo would do to the field, or why there is nothing to do. */
export type MergeUndo =
  | { readonly type: 'patch'; readonly patch: Fields }
  /** The value that lost is there already. */
  | { readonly type: 'done' };

/**
 * The edit that puts `lost` back. A text outcome names one overlapping place: there the words that won are replaced by the
 * ones that lost; where the text has moved on and they are not found any more, the lost words are added at its end, so that
 * nothing written since goes. Members of a map or list come back beside the others. Everything else is the value as it was.
 */
export function undoOutcome(outcome: MergeOutcome, entity: EntityView, rule: string): MergeUndo {
  if (outcome.type === 'both') return { type: 'done' };
  const { field, kept, lost } = outcome;
  const current = entity.fields[field] ?? null;
  if (field === BINNED_AT) {
    if (lost === null ? current === null : current !== null) return { type: 'done' };
    return { type: 'patch', patch: { [field]: typeof lost === 'number' ? lost : lost === null ? null : Date.now() } };
  }
  if (rule === 'text' && typeof current === 'string' && typeof lost === 'string') {
    const text = putBack(current, textOf(kept), lost);
    return text === current ? { type: 'done' } : { type: 'patch', patch: { [field]: text } };
  }
  const value = isObject(current) && isObject(lost) && (rule === 'map' || rule === 'list') ? { ...current, ...lost } : lost;
  return equalJson(value, current) ? { type: 'done' } : { type: 'patch', patch: { [field]: value } };
}

function putBack(current: string, kept: string, lost: string): string {
  const at = kept === '' ? -1 : current.indexOf(kept);
  if (at >= 0) return `${current.slice(0, at)}${lost}${current.slice(at + kept.length)}`;
  if (lost === '' || current.includes(lost)) return current;
  return current === '' ? lost : `${current.replace(/\n+$/, '')}\n\n${lost}`;
}

const isObject = (value: Json): value is Fields => value !== null && typeof value === 'object' && !Array.isArray(value);
