import fc from 'fast-check';
import { formatStamp } from '#core/clock.ts';
import { BINNED_AT, type Body, type EntityDeclaration, type Fields, type MergeRule, ruleFor } from '#core/entity.ts';
import type { Json } from '#core/json.ts';
import type { MergeSide } from '#core/merge/merge.ts';
import { applyTextEdits, type TextEdit, textEdits } from './text-edits.ts';

/** What one device does to an entity, for the laws of the merge: by field, and independent of what is in it. */
export interface DeviceEdits {
  readonly fields: readonly FieldEdit[];
  /** Put into the bin at the end, taken out of it, or left where it is. */
  readonly bin: 'bin' | 'restore' | 'leave';
}

interface FieldEdit {
  /** Chooses one of the kind's fields, or one that the kind does not know. */
  readonly field: number;
  readonly action: 'write' | 'write-same' | 'clear' | 'put-back';
  readonly size: number;
  readonly texts: readonly TextEdit[];
}

export const deviceEdits: fc.Arbitrary<DeviceEdits> = fc.record({
  fields: fc.array(
    fc.record({
      field: fc.nat(40),
      action: fc.constantFrom(...(['write', 'write', 'write', 'write-same', 'clear', 'put-back'] as const)),
      size: fc.nat(6),
      texts: textEdits(3),
    }),
    { maxLength: 6 },
  ),
  bin: fc.constantFrom('leave' as const, 'leave' as const, 'leave' as const, 'bin' as const, 'restore' as const),
});

export const TAGS = { base: '00000000', mine: 'aaaaaaaa', theirs: 'bbbbbbbb' } as const;

/** A body in which every field was written by the first device long ago. */
export function bodyOf(fields: Fields): Body {
  const stamp = formatStamp({ ms: 1_700_000_000_000, counter: 0, tag: TAGS.base });
  return { fields, stamps: Object.fromEntries(Object.keys(fields).map((field) => [field, stamp])) };
}

/** The side of a device: `base` after its edits, each of them stamped by its clock. What it writes names its tag. */
export function sideAfter(
  base: Body,
  declaration: EntityDeclaration,
  { fields, bin }: DeviceEdits,
  name: 'mine' | 'theirs',
  startMs: number,
): MergeSide {
  const tag = TAGS[name];
  let body = base;
  let ms = startMs;
  const write = (field: string, value: Json | undefined): void => {
    ms += 1000;
    const { [field]: _old, ...rest } = body.fields;
    const stamp = formatStamp({ ms, counter: 0, tag });
    body = { fields: value === undefined ? rest : { ...rest, [field]: value }, stamps: { ...body.stamps, [field]: stamp } };
  };
  const names = [...Object.keys(declaration.fields).filter((field) => field !== BINNED_AT), 'fromTheFuture', '__proto__'];
  for (const [at, edit] of fields.entries()) {
    const field = names[edit.field % names.length] as string;
    const before = Object.hasOwn(body.fields, field) ? body.fields[field] : declaration.fields[field]?.initial;
    if (edit.action === 'clear') write(field, undefined);
    else if (edit.action === 'put-back') write(field, Object.hasOwn(base.fields, field) ? base.fields[field] : undefined);
    else if (edit.action === 'write-same') write(field, changed(ruleFor(declaration, field), before, edit, 'same', at));
    else write(field, changed(ruleFor(declaration, field), before, edit, tag.slice(0, 2), at));
  }
  if (bin !== 'leave' && BINNED_AT in declaration.fields) write(BINNED_AT, bin === 'bin' ? ms : null);
  return { body, deviceId: `00000000-0000-7000-8000-0000${tag}`, acceptedAt: null };
}

function changed(rule: MergeRule, before: Json | undefined, { size, texts }: FieldEdit, tag: string, at: number): Json {
  if (rule === 'text') return applyTextEdits(String(before ?? ''), texts, `${tag}${at}x`);
  if (rule === 'set') return [...(before as readonly string[]).slice(size % 3), `${tag}${size}`];
  if (rule === 'counter') return (before as number) + size + 1;
  if (rule === 'value') return `${tag}${size}`;
  const [first, ...others] = Object.entries(before as Fields);
  const kept = first && size % 3 === 0 ? others : [...(first ? [first] : []), ...others];
  const item: Json = rule === 'list' ? { order: `${tag}${at}`, name: `${tag}${size}` } : `${tag}${size}`;
  return Object.fromEntries([...kept, [size % 2 === 0 ? 'common' : `${tag}${size}`, item]]);
}
