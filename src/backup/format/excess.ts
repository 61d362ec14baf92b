import { MAX_BODY_NODES } from '#core/body.ts';

/** How deep arrays and objects may nest in a value of a backup, the value itself being depth 1. */
export const MAX_DEPTH = 80;

/** Why a value is not one that a backup holds. `path` names the member: `fields.tags.0`. */
export type Excess =
  | { readonly type: 'TooDeep' }
  | { readonly type: 'TooLarge' }
  | { readonly type: 'BadValue'; readonly path: string };

/**
 * Looks for what no backup holds: a member called `__proto__`, a number that is not finite, anything that JSON has no form for, more than
 * `MAX_DEPTH` levels, more than `MAX_BODY_NODES` values, or more than `chars` UTF-16 code units of text. Null where there is none.
 */
export function findExcess(value: unknown, chars: number): Excess | null {
  let nodes = 0;
  let text = 0;
  const walk = (at: unknown, depth: number): Excess | null => {
    if (++nodes > MAX_BODY_NODES) return { type: 'TooLarge' };
    if (at === null || typeof at === 'boolean') return null;
    if (typeof at === 'number') return Number.isFinite(at) ? null : { type: 'BadValue', path: '' };
    if (typeof at === 'string') {
      text += at.length;
      return text > chars ? { type: 'TooLarge' } : null;
    }
    if (typeof at !== 'object') return { type: 'BadValue', path: '' };
    if (depth > MAX_DEPTH) return { type: 'TooDeep' };
    for (const [key, member] of Object.entries(at)) {
      text += Array.isArray(at) ? 0 : key.length;
      const excess: Excess | null = key === '__proto__' ? { type: 'BadValue', path: '' } : walk(member, depth + 1);
      // The path is put together on the way back: there is none to keep while nothing is wrong.
      if (excess) return excess.type === 'BadValue' ? { ...excess, path: below(key, excess.path) } : excess;
    }
    return text > chars ? { type: 'TooLarge' } : null;
  };
  return walk(value, 1);
}

const below = (key: string, path: string): string => (path === '' ? key : `${key}.${path}`);
