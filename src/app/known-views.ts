/**
 * What this tab's own saves have left in the store. The news of such a commit comes to every part of the page that shows the
 * entity, and none of them has to read again what the answer has said. What is newer elsewhere is read.
 */
import { type KeyPair, keyText } from '#core/entity-key.ts';
import { ok } from '#core/result.ts';
import type { EntityView, Store } from '#store/store.ts';

/** What a person edits side by side. Each may be a long text. */
const MAX_VIEWS = 4;
const MAX_NOTED = 100;

export interface KnownViews extends Pick<Store, 'save'> {
  /** The entity after a change that was learned of: what a save of this tab has left, if nothing newer was; else as it is read. */
  readonly getChanged: Store['get'];
  /** A commit up to this localSeq has changed these entities; `keys` null means "many". */
  noteChange(keys: readonly KeyPair[] | null, localSeq: number): void;
}

export function createKnownViews({ save, get }: Pick<Store, 'save' | 'get'>): KnownViews {
  const views = new Map<string, EntityView>();
  /** The localSeq of the last change by entity; `floor` that of all which are not named. */
  const changedAt = new Map<string, number>();
  let floor = 0;

  const note = (view: EntityView): void => {
    const name = keyText(view);
    views.delete(name);
    // An answer that was overtaken by newer news is no news.
    if (view.localSeq < Math.max(floor, changedAt.get(name) ?? 0)) return;
    views.set(name, view);
    for (const oldest of [...views.keys()].slice(0, -MAX_VIEWS)) views.delete(oldest);
  };

  const forgetOlder = (name: string, localSeq: number): void => {
    const view = views.get(name);
    if (view && view.localSeq < localSeq) views.delete(name);
  };

  return {
    async save(request) {
      const answer = await save(request);
      if (answer.ok) note(answer.value.entity);
      return answer;
    },
    async getChanged(kind, id) {
      const view = views.get(keyText({ kind, id }));
      return view ? ok(view) : get(kind, id);
    },
    noteChange(keys, localSeq) {
      if (keys === null || changedAt.size > MAX_NOTED) {
        floor = Math.max(floor, localSeq, ...changedAt.values());
        changedAt.clear();
        for (const name of [...views.keys()]) forgetOlder(name, floor);
      }
      for (const [kind, id] of keys ?? []) {
        const name = keyText({ kind, id });
        changedAt.set(name, Math.max(localSeq, changedAt.get(name) ?? 0));
        forgetOlder(name, localSeq);
      }
    },
  };
}
