import type { App } from '#app/app.ts';
import { documentKinds } from '#entities/documents.ts';
import { panelOfKind } from '#ui/panels/index.ts';

/** A bin with something in it. */
export interface FilledBin {
  readonly path: string;
  readonly label: string;
}

/** The bins that hold anything, the fullest first. One that cannot be counted now is not among them. */
export async function filledBins(app: Pick<App, 'count'>): Promise<readonly FilledBin[]> {
  const bins = documentKinds().flatMap(({ kind, nouns }) => {
    const panel = panelOfKind(kind);
    return panel ? [{ kind, nouns, path: `/${panel.id}/bin` }] : [];
  });
  const counts = await Promise.all(bins.map(({ kind }) => app.count(kind, 'binned')));
  return bins
    .map(({ nouns, path }, at) => ({ path, label: `Open the bin of the ${nouns.many}`, size: sizeOf(counts[at]) }))
    .filter(({ size }) => size > 0)
    .toSorted((a, b) => b.size - a.size);
}

const sizeOf = (count: Awaited<ReturnType<App['count']>> | undefined): number => (count?.ok ? count.value : 0);
