/**
 * What persons meant, against what is at the end: of two titles the one typed later, and what somebody put into the bin
 * or deleted stays there unless somebody took it up again.
 */
import type { Fields } from '#core/entity.ts';
import { type EntityRow, PURGED } from '#store/schema/schema.ts';
import type { TypedAt } from '#store/store.ts';
import type { Tokens } from './tokens.ts';
import type { Verdict } from './verdict.ts';

export interface IntentOracle {
  /** Somebody has changed an entity on a device. */
  typed(kind: string, id: string, patch: Fields, by: Typing): void;
  /** What was typed on a device at these times of its clock was answered as committed, or is in the journal. */
  kept(device: string, kind: string, id: string, patch: Fields, typedAt: TypedAt | undefined): void;
  /** Somebody does something with an entity: it may leave the place in which it was put. */
  touched(kind: string, id: string): void;
  /** The same for an act that may take its time: who acts before it has ended cannot know of it. */
  begun(kind: string, id: string): Act;
  ended(act: Act): void;
  /** An act has put an entity into a place, knowing everything that anybody had done with it before it began. */
  placed(device: string, place: EntityRow['place'], act: Act): void;
  /** What a device knew is gone. */
  forgetDevice(device: string): void;
  /** Nothing is known any more of what was done with an entity; without a key: with any. */
  forgetPlace(kind?: string, id?: string): void;
  /** Which of the titles given so far, of one entity or of all, was the last is no longer known. */
  forgetTitles(key?: string): void;
  judge(rows: readonly EntityRow[]): void;
}

export interface Act {
  readonly key: string;
  readonly number: number;
  /** Nobody else was about to do something with the entity. */
  readonly isAlone: boolean;
}

export interface Typing {
  /** The world's time. */
  readonly at: number;
  readonly device: string;
  /** The device's clock then. */
  readonly clockMs: number;
  /** Asked at the end: about the device's clock. */
  readonly wasRight: () => boolean;
}

interface Titled extends Typing {
  readonly word: string;
  isKept: boolean;
}

/** A save may wait for a dead worker, and clocks differ by seconds. */
const NEARLY_MS = 60_000;

export function createIntentOracle(tokens: Tokens, verdict: Verdict): IntentOracle {
  const titles = new Map<string, readonly Titled[]>();
  const unknown = new Set<string>();
  const acts = new Map<string, number>();
  const running = new Set<Act>();
  const places = new Map<string, { readonly device: string; readonly place: EntityRow['place'] }>();

  const count = (key: string): number => {
    places.delete(key);
    const number = (acts.get(key) ?? 0) + 1;
    acts.set(key, number);
    return number;
  };

  const judgeTitle = (row: EntityRow, written: readonly Titled[], rows: readonly EntityRow[]): void => {
    const isAsked = rows.some(({ kind, fields }) => kind === 'conflict' && fields.entityId === row.id);
    if (row.place === PURGED || isAsked) return;
    const isGivenAgain = (word: string): boolean => written.filter((one) => one.word === word).length > 1;
    const kept = written.filter(({ word, isKept }) => {
      const token = tokens.get(word);
      // That a word is saved does not say whether it was when it was given again: that title may have been on the screen alone.
      if (!token?.saved || (!isKept && isGivenAgain(word))) return false;
      return token.excuse === null || token.excuse.startsWith('erased') || token.excuse.startsWith('typed over');
    });
    const last = kept.reduce<Titled | undefined>((best, one) => (best && best.at > one.at ? best : one), undefined);
    // A title that was given again is a choice of it where what it replaced had been saved: what only the screen showed was none.
    const replaced = last && written[written.lastIndexOf(last) - 1];
    if (last && isGivenAgain(last.word) && replaced && !tokens.get(replaced.word)?.stored) return;
    const final = written.findLast(({ word }) => word === row.fields.title);
    if (!last || !final || final.at >= last.at - NEARLY_MS || !final.wasRight() || !last.wasRight()) return;
    verdict.fail(
      'invariant 19: newer wins by the time of typing',
      `${row.kind}/${row.id} is called ${final.word}, typed at ${final.at}, and not ${last.word}, typed at ${last.at}`,
    );
  };

  return {
    typed(kind, id, { title }, by) {
      const key = `${kind}/${id}`;
      if (typeof title === 'string') titles.set(key, [...(titles.get(key) ?? []), { ...by, word: title, isKept: false }]);
    },
    kept(device, kind, id, { title }, typedAt) {
      for (const one of titles.get(`${kind}/${id}`) ?? [])
        if (one.device === device && one.word === title && one.clockMs === typedAt?.title) one.isKept = true;
    },
    touched: (kind, id) => void count(`${kind}/${id}`),
    begun(kind, id) {
      const key = `${kind}/${id}`;
      const isAlone = ![...running].some((other) => other.key === key);
      const act = { key, number: count(key), isAlone };
      running.add(act);
      return act;
    },
    ended: (act) => void running.delete(act),
    placed(device, place, act) {
      if (act.isAlone && acts.get(act.key) === act.number) places.set(act.key, { device, place });
    },
    forgetDevice(device) {
      for (const [key, placed] of places) if (placed.device === device) places.delete(key);
    },
    forgetPlace(kind, id) {
      if (kind === undefined) places.clear();
      else places.delete(`${kind}/${id}`);
    },
    forgetTitles(key) {
      if (key === undefined) titles.clear();
      else unknown.add(key);
    },
    judge(rows) {
      for (const row of rows) {
        const key = `${row.kind}/${row.id}`;
        const placed = places.get(key);
        if (placed && placed.place !== row.place) {
          verdict.fail(
            'invariant 18: what was removed stays removed',
            `${key} was put to ${placed.place} on ${placed.device}, and is at ${row.place}`,
          );
        }
        if (!unknown.has(key)) judgeTitle(row, titles.get(key) ?? [], rows);
      }
    },
  };
}
