import type { Random } from '#core/ports.ts';

/** Chance that repeats itself: the same seed gives the same numbers, on every machine. */
export interface Prng extends Random {
  /** A whole number in [0, below). */
  below(below: number): number;
  /** A whole number in [from, to]. */
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** One of the names, as often as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K;
  /** A generator of its own for a part of the world: what one part draws does not move the others. */
  fork(name: string): Prng;
}

/** sfc32 (Chris Doty-Humphrey, PractRand), seeded by a hash of `seed`. */
export function createPrng(seed: string | number): Prng {
  const name = String(seed);
  let [a, b, c] = [hash32(`${name}/a`), hash32(`${name}/b`), hash32(`${name}/c`)];
  let counter = 1;

  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  // The author's advice: the first outputs still show the seed.
  for (let round = 0; round < 12; round++) next();

  const fraction = (): number => next() / 2 ** 32;
  const below = (limit: number): number => Math.floor(fraction() * limit);

  return {
    fraction,
    below,
    bytes(length) {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; at++) bytes[at] = next() & 0xff;
      return bytes;
    },
    between: (from, to) => from + below(to - from + 1),
    chance: (probability) => fraction() < probability,
    pick<T>(items: readonly T[]): T {
      if (items.length === 0) throw new RangeError('nothing to pick from');
      return items[below(items.length)] as T;
    },
    weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
      const entries = Object.entries(weights) as [K, number][];
      let left = fraction() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [key, weight] of entries) {
        left -= weight;
        if (left < 0) return key;
      }
      return (entries.at(-1) as [K, number])[0];
    },
    fork: (part) => createPrng(`${name}/${part}`),
  };
}

/** FNV-1a with a final mix, over UTF-16 code units. */
export function hash32(text: string, from = 0x811c9dc5): number {
  let hash = from;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
