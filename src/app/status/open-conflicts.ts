import type { App } from '#app/app.ts';
import { createSource, type Observable } from '#app/observable.ts';
import type { EntityView } from '#app/views.ts';
import type { StoreError } from '#core/errors.ts';
import { ok, type Result } from '#core/result.ts';
import { type Conflict, parseConflict } from './conflict.ts';

const PAGE = 200;

/** Conflicts that wait for the person, newest first; no more than about 200. */
export async function readOpenConflicts(app: Pick<App, 'list'>): Promise<Result<readonly EntityView<'conflict'>[], StoreError>> {
  const open = [];
  let after: string | undefined;
  do {
    const page = await app.list({ kind: 'conflict', limit: PAGE, ...(after !== undefined && { after }) });
    if (!page.ok) return page;
    open.push(...page.value.items.filter(({ fields }) => fields.resolution === 'open'));
    after = page.value.next ?? undefined;
  } while (after !== undefined && open.length < PAGE);
  return ok(open);
}

/** Follows them for as long as the page lives. Where the summary counts none, nothing is read. A failed read changes nothing. */
export function followConflicts(app: Pick<App, 'list' | 'summary' | 'onChange'>): Observable<readonly Conflict[]> {
  const conflicts = createSource<readonly Conflict[]>([]);
  let turn = 0;
  let count = 0;
  const read = async (): Promise<void> => {
    const mine = ++turn;
    const found = count === 0 ? ok([]) : await readOpenConflicts(app);
    if (mine === turn && found.ok && (count > 0 || conflicts.value.length > 0)) conflicts.set(found.value.map(parseConflict));
  };
  app.summary.subscribe((summary) => {
    if (!summary || summary.openConflicts === count) return;
    count = summary.openConflicts;
    void read();
  });
  app.onChange((keys) => {
    if (count > 0 && (keys === null || keys.some(([kind]) => kind === 'conflict'))) void read();
  });
  return conflicts;
}
