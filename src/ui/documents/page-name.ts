/** What the browser calls the page: the name of the open document, as it is while it is typed. */
import type { EntitySession } from '#app/app.ts';
import type { Observable } from '#app/observable.ts';
import type { DocumentKind } from '#entities/documents.ts';
import type { OpenDocument } from './open-document.ts';

type Open = OpenDocument<Pick<EntitySession, 'fields' | 'isUntouched' | 'view'>>;

/** Names the page by the open document; `words` where there is none. */
export function namePage(open: Open, { title, nouns }: Pick<DocumentKind, 'title' | 'nouns'>, words: string): void {
  const name = open.type !== 'open' ? words : open.session.isUntouched ? `New ${nouns.one}` : title(open.session.fields);
  const full = `${name} – Holdfast`;
  // Setting the same again costs the browser something with every key.
  if (document.title !== full) document.title = full;
}

/** Calls back for every change to the open document. Gives the function that ends it. */
export function followNames(open: Observable<Open>, changed: () => void): () => void {
  let stop: (() => void) | undefined;
  const stopOpen = open.subscribe((value) => {
    stop?.();
    stop = undefined;
    changed();
    if (value.type === 'open') stop = value.session.view.subscribe(changed);
  });
  return () => {
    stop?.();
    stopOpen();
  };
}
