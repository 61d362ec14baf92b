import type { RowRange, RowReader, SourceRow } from '#core/backup-rows.ts';
import { take } from './kept/failure.ts';

/** All rows of a range, page by page, each read when it is asked for. Throws a `Failure`. */
export async function* rowPages(
  reader: Pick<RowReader, 'page'>,
  { to, ...start }: RowRange,
): AsyncGenerator<readonly SourceRow[], void> {
  for (let range: RowRange = { ...start, to }; ; ) {
    const { rows, isLast } = take(await reader.page(range));
    yield rows;
    const end = rows.at(-1);
    if (isLast || !end) return;
    range = { after: [end.kind, end.id], to };
  }
}

/** All rows of a kind. */
export const ofKind = (kind: string): RowRange => ({ from: [kind, ''], to: [`${kind}\u0000`, ''] });
