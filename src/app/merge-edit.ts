import type { EntityDeclaration, Fields } from '#core/entity.ts';
import { equalJson } from '#core/json.ts';
import { merge3 } from '#core/merge.ts';

const EARLIER = '000000000-0000-00000000';
const LATER = '000000001-0000-00000000';

/**
 * What is being typed, carried over to values that came from elsewhere: `typed` was made from `was`, which has become
 * `now`. Where the two overlap the typed text stays in sight; what it covers stands in the store's history and merge log.
 */
export function mergeEdit(declaration: EntityDeclaration | undefined, was: Fields, typed: Fields, now: Fields): Fields {
  const patched = Object.keys(typed);
  if (patched.every((field) => equalJson(was[field], now[field]))) return typed;
  const pick = (fields: Fields): Fields =>
    Object.fromEntries(patched.flatMap((field) => (fields[field] === undefined ? [] : [[field, fields[field]]])));
  const stamps = (stamp: string) => Object.fromEntries(patched.map((field) => [field, stamp]));
  const side = { deviceId: '', acceptedAt: null };
  const { body } = merge3({
    base: { fields: pick(was), stamps: stamps(EARLIER) },
    mine: { ...side, body: { fields: typed, stamps: stamps(LATER) } },
    theirs: { ...side, body: { fields: pick(now), stamps: stamps(EARLIER) } },
    declaration,
    policy: 'newer',
  });
  return body.fields;
}
