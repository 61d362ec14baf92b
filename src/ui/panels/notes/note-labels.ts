import type { EntityView } from '#app/app.ts';
import { createSource, type Observable } from '#app/observable.ts';
import { once } from '#ui/once.ts';

export interface Labels {
  readonly tags: readonly string[];
  readonly notebooks: readonly string[];
}

export interface NoteLabels {
  readonly labels: Observable<Labels>;
  /** Takes up the tags and notebooks of notes that have been read. */
  learn(views: readonly EntityView<'note'>[]): void;
}

/** Made when the first label is seen: some milliseconds of a cold start. */
const collator = once(() => new Intl.Collator());

/**
 * Tags and notebooks of the notes seen so far, for filters and suggestions. They come with the pages that are read
 * anyway; a name whose last note is gone stays until the app starts again, which is harmless in a list of suggestions.
 */
export function createNoteLabels(): NoteLabels {
  const labels = createSource<Labels>({ tags: [], notebooks: [] });
  return {
    labels,
    learn(views) {
      const tags = extend(
        labels.value.tags,
        views.flatMap(({ fields }) => fields.tags),
      );
      const notebooks = extend(
        labels.value.notebooks,
        views.map(({ fields }) => fields.notebook),
      );
      if (tags !== labels.value.tags || notebooks !== labels.value.notebooks) labels.set({ tags, notebooks });
    },
  };
}

function extend(known: readonly string[], seen: readonly string[]): readonly string[] {
  const fresh = new Set(seen.filter((name) => name !== '' && !known.includes(name)));
  return fresh.size === 0 ? known : [...known, ...fresh].sort(collator().compare);
}
