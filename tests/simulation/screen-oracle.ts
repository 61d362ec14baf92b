/**
 * One person on one device with one tab at a time never disagrees with themself: what a page shows when it is opened is
 * what was on the screen when the one before it ended, or, where that was killed, something that was there since the last
 * answer "saved". Nothing of it is ever a conflict or a merge.
 */
import type { Fields } from '#core/entity.ts';
import type { EntityRow } from '#store/schema/schema.ts';
import type { Verdict } from './verdict.ts';

export interface ScreenOracle {
  /** The person looks at an entity: `screen` is the same as long as it stays open. */
  look(screen: object, kind: string, id: string, fields: Fields): void;
  typed(kind: string, id: string, patch: Fields): void;
  /** The values are committed, in the store or in the journal. */
  kept(kind: string, id: string, patch: Fields): void;
  /** At the end, with everything that the device holds. */
  judge(rows: Iterable<EntityRow>): void;
}

interface Screen {
  /** What was there, oldest first; the first is what was committed or loaded last. */
  shown: string[];
  on: object | null;
}

/** The fields in which a person writes. */
const WRITTEN: readonly string[] = ['text', 'systemPrompt', 'title'];

export function createScreenOracle(verdict: Verdict): ScreenOracle {
  const screens = new Map<string, Screen>();
  const RULE = 'invariant 20: one person on one device never disagrees with themself';

  const screenOf = (kind: string, id: string, field: string): Screen => {
    const key = `${kind}/${id}/${field}`;
    const screen = screens.get(key) ?? { shown: [], on: null };
    screens.set(key, screen);
    return screen;
  };

  const check = (name: string, shown: readonly string[], value: string): void => {
    if (shown.length === 0 || shown.includes(value)) return;
    verdict.fail(RULE, `${name} shows ${JSON.stringify(value)}, not ${shown.map((one) => JSON.stringify(one)).join(' or ')}`);
  };

  return {
    look(on, kind, id, fields) {
      for (const field of WRITTEN) {
        if (!(field in fields)) continue;
        const screen = screenOf(kind, id, field);
        const value = String(fields[field]);
        // As long as it is open nothing changes by itself.
        const isOpenStill = screen.on === on;
        check(`${kind}/${id} ${field}`, isOpenStill ? screen.shown.slice(-1) : screen.shown, value);
        if (!isOpenStill) screen.shown = [value];
        screen.on = on;
      }
    },
    typed(kind, id, patch) {
      for (const field of WRITTEN) if (field in patch) screenOf(kind, id, field).shown.push(String(patch[field]));
    },
    kept(kind, id, patch) {
      for (const field of WRITTEN) {
        if (!(field in patch)) continue;
        const screen = screenOf(kind, id, field);
        const at = screen.shown.indexOf(String(patch[field]), 1);
        if (at > 0) screen.shown = screen.shown.slice(at);
      }
    },
    judge(rows) {
      for (const row of rows) {
        if (row.kind === 'merge-log' || row.kind === 'conflict')
          verdict.fail(RULE, `there is a ${row.kind}: ${JSON.stringify(row.fields)}`);
        for (const field of WRITTEN) {
          const screen = screens.get(`${row.kind}/${row.id}/${field}`);
          if (screen) check(`at the end ${row.kind}/${row.id} ${field}`, screen.shown, String(row.fields[field] ?? ''));
        }
      }
    },
  };
}
