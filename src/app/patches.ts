/** Changes of an entity that nobody has open: a move to the bin, a star, a setting. */
import type { Fields } from '#core/entity.ts';
import { ok } from '#core/result.ts';
import type { JournalEntry } from '#store/save/journal.ts';
import { type PatchNames, patchRequest } from '#store/save/patch-request.ts';
import type { Store } from '#store/store.ts';
import type { App } from './app.ts';
import { unsavedOf } from './session-state.ts';
import type { Sessions } from './sessions.ts';

export interface PatchesOptions {
  readonly store: Pick<Store, 'get' | 'save'>;
  readonly sessions: Pick<Sessions, 'flush' | 'track'>;
  readonly mintId: () => string;
}

type Patched = Awaited<ReturnType<App['patchBy']>>;

/** `patch` and `patchBy` of the app. Where the page ends before a person's change is committed, the journal has it. */
export function createPatches({ store, sessions, mintId }: PatchesOptions): Pick<App, 'patch' | 'patchBy'> {
  const named = (kind: string, id: string, by?: 'machine'): PatchNames => ({
    kind,
    id,
    saveId: mintId(),
    ...(by === 'machine' && { machine: true }),
  });

  const save = (names: PatchNames, change: (fields: Fields) => Fields | null, unread: JournalEntry | null): Promise<Patched> => {
    let entry = unread;
    const work = async (): Promise<Patched> => {
      // What is typed comes first: an edit that arrived after "Move to bin" would take the entity out again.
      await sessions.flush();
      const found = await store.get(names.kind, names.id);
      if (!found.ok) return found;
      const patch = change(found.value?.fields ?? {});
      if (patch === null) return ok(null);
      const request = patchRequest(names, patch, found.value);
      entry = { ...rowOf(names), ...unsavedOf(request) };
      const saved = await store.save(request);
      return saved.ok ? ok({ previous: request.base }) : saved;
    };
    // What a machine was doing is begun again or given up by whoever finds it so.
    return sessions.track(work(), () => (names.machine ? null : entry));
  };

  return {
    patchBy: (kind, id, change, by) => save(named(kind, id, by), change, null),
    async patch(kind, id, patch, by) {
      const names = named(kind, id, by);
      const unread = { ...rowOf(names), saveId: names.saveId, patch, was: {}, builtOn: NOTHING_READ, unread: true } as const;
      const patched = await save(names, () => patch, unread);
      return patched.ok ? ok(patched.value ?? { previous: {} }) : patched;
    },
  };
}

/** No row has this localSeq: an app that does not know `unread` merges the patch in. */
const NOTHING_READ = -1;

const rowOf = ({ kind, id, saveId }: PatchNames) => ({ kind, id, session: saveId });
