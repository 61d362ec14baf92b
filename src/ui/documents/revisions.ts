/** An earlier revision of an open document, brought back as an edit. */
import type { App, EntitySession } from '#app/app.ts';
import { BINNED_AT, type Fields, readFields } from '#core/entity.ts';
import { equalJson } from '#core/json.ts';
import { type DocumentKind, knownDocumentKind } from '#entities/documents.ts';
import { failureNotice } from '#ui/parts/failure-notice.ts';
import type { Shell } from '#ui/shell/shell.ts';

type Declared = Pick<DocumentKind, 'fields'>;

/** What a restore brings back: all that a person writes. Not the bin: a document that is open is not in it. */
export function restorableFields({ fields: declared }: Declared, fields: Fields): Fields {
  const names = Object.keys(declared).filter((name) => name !== BINNED_AT && !declared[name]?.bookkeeping);
  return Object.fromEntries(names.flatMap((name) => (name in fields ? [[name, fields[name] ?? null]] : [])));
}

/** The fields that a restore of `earlier` would change in `present`, in the order of the declaration. An absent one reads as initial. */
export function changedFields(declared: Declared, earlier: Fields, present: Fields): readonly string[] {
  const [before, now] = [earlier, present].map((fields) => restorableFields(declared, readFields(declared, fields)));
  return Object.keys(before ?? {}).filter((field) => !equalJson(before?.[field], now?.[field]));
}

/**
 * An earlier revision comes back as an ordinary edit: it can be undone, and the present one stays in the history. `isShown` says
 * whether the session is still the open one when somebody takes it back.
 */
export function restoreRevision(
  {
    app,
    shell,
    session,
  }: { readonly app: Pick<App, 'patch'>; readonly shell: Pick<Shell, 'notify'>; readonly session: EntitySession },
  earlier: Fields,
  isShown: () => boolean,
): void {
  const { kind, id } = session;
  const declared = knownDocumentKind(kind);
  const before = restorableFields(declared, session.fields);
  const put = (fields: Fields): void => {
    session.replace(fields);
    void session.flush();
  };
  const takeBack = async (): Promise<void> => {
    if (isShown()) return put(before);
    const undone = await app.patch(kind, id, before);
    if (!undone.ok) shell.notify(failureNotice('Not taken back', undone.error));
  };
  put(restorableFields(declared, earlier));
  shell.notify({ text: 'Restored the earlier revision', undo: () => void takeBack() });
}
