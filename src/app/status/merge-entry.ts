/** An entry of the merge log, and the way back from it: an ordinary edit that restores what lost. */
import type { EntityView } from '#app/app.ts';
import { BINNED_AT, type Fields } from '#core/entity.ts';
import { equalJson, type Json } from '#core/json.ts';
import type { MergeOutcome } from '#core/merge.ts';
import { ledger } from '#entities/index.ts';

export interface MergeEntry {
  readonly id: string;
  readonly entityKind: string;
  readonly entityId: string;
  readonly at: number;
  readonly device: string;
  readonly theirsDevice: string;
  readonly outcomes: readonly MergeOutcome[];
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

export function parseMergeEntry({ id, fields }: EntityView): MergeEntry {
  return {
    id,
    entityKind: textOf(fields['entityKind']),
    entityId: textOf(fields['entityId']),
    at: Number(fields['at']) || 0,
    device: textOf(fields['device']),
    theirsDevice: textOf(fields['theirsDevice']),
    outcomes: Array.isArray(fields['outcomes']) ? fields['outcomes'].filter(isOutcome) : [],
  };
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
  /** The value that lost stands there already. */
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
