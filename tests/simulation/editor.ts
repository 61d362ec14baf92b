/**
 * One entity under edit in one tab, as the page has it: what is typed shows at once, is handed to the store 250 ms later
 * or on flush, is repeated until it is answered, and takes in what others have written meanwhile.
 */
import type { Fields, Ledger } from '#core/entity.ts';
import type { StoreError } from '#core/errors.ts';
import { equalJson, type Json } from '#core/json.ts';
import { merge3 } from '#core/merge.ts';
import type { Result } from '#core/result.ts';
import type { JournalEntry } from '#store/journal.ts';
import type { EntityView, SaveAnswer, SaveRequest } from '#store/store.ts';

export const AUTOSAVE_MS = 250;
const RETRY_MS = 1000;

export interface EditorPorts {
  readonly ledger: Ledger;
  readonly deviceId: string;
  get(kind: string, id: string): Promise<Result<EntityView | null, StoreError>>;
  save(request: SaveRequest): Promise<Result<SaveAnswer, StoreError>>;
  mintId(): string;
  setTimer(ms: number, fire: () => void): () => void;
  /** A save is about to be handed over. */
  onIssued(request: SaveRequest): void;
  /** The store has answered: the request's content is committed. */
  onSaved(request: SaveRequest): void;
}

export interface Editor {
  readonly kind: string;
  readonly id: string;
  /** What the person sees. */
  fields(): Fields;
  view(): EntityView | null;
  load(): Promise<boolean>;
  set(patch: Fields): void;
  flush(): void;
  /** Others have changed the entity. */
  refresh(): Promise<void>;
  isDirty(): boolean;
  /** What the page writes into the journal when it is hidden; null where everything is committed. */
  journalEntry(): JournalEntry | null;
}

export function createEditor(kind: string, id: string, ports: EditorPorts): Editor {
  const initial: Fields = Object.fromEntries(
    Object.entries(ports.ledger.get(kind)?.fields ?? {}).map(([field, declaration]) => [field, declaration.initial]),
  );
  let view: EntityView | null = null;
  /** The committed state that what is shown was made from. */
  let ground: { readonly fields: Fields; readonly localSeq: number } = { fields: initial, localSeq: 0 };
  let shown: Fields = initial;
  let pending: { readonly request: SaveRequest; readonly shown: Fields } | null = null;
  let cancelTimer: (() => void) | null = null;

  const dirtyFields = (): readonly string[] =>
    Object.keys(shown).filter((field) => !equalJson(shown[field], ground.fields[field]));
  const pick = (fields: Fields, names: readonly string[]): Fields =>
    Object.fromEntries(names.map((name) => [name, fields[name] as Json]));

  const schedule = (ms: number): void => {
    cancelTimer ??= ports.setTimer(ms, () => {
      cancelTimer = null;
      void hand();
    });
  };

  const makeRequest = (saveId: string): SaveRequest => {
    const names = dirtyFields();
    return {
      kind,
      id,
      patch: pick(shown, names),
      was: pick(ground.fields, names),
      builtOn: ground.localSeq,
      saveId,
      editing: true,
    };
  };

  const hand = async (): Promise<void> => {
    if (!pending) {
      if (dirtyFields().length === 0) return;
      pending = { request: makeRequest(ports.mintId()), shown };
    }
    const { request } = pending;
    if (handing) return;
    handing = true;
    ports.onIssued(request);
    const answer = await ports.save(request);
    handing = false;
    if (!answer.ok) {
      // The same request again: its outcome may be unknown, and its saveId makes it harmless.
      schedule(RETRY_MS);
      return;
    }
    ports.onSaved(request);
    takeIn(answer.value.entity, pending.shown);
    pending = null;
    if (dirtyFields().length > 0) schedule(AUTOSAVE_MS);
  };
  let handing = false;

  /** Takes over a committed state; what was typed since `since` stays on top of it. */
  const takeIn = (entity: EntityView, since: Fields): void => {
    view = entity;
    const typed = Object.keys(shown).filter((field) => !equalJson(shown[field], since[field]));
    const stamps = (stamp: string) => Object.fromEntries(typed.map((field) => [field, stamp]));
    const side = { deviceId: ports.deviceId, acceptedAt: null };
    const { body, outcomes } = merge3({
      base: { fields: since, stamps: stamps('000000000-0000-00000000') },
      mine: { ...side, body: { fields: shown, stamps: stamps('000000002-0000-00000000') } },
      theirs: { ...side, body: { fields: entity.fields, stamps: stamps('000000001-0000-00000000') } },
      declaration: ports.ledger.get(kind),
      policy: 'newer',
    });
    // Where the merge would take away what the person has never seen, the store makes it, and logs what lost: what is
    // shown stays, and stays built on what it was built on.
    const lossy = outcomes.filter(({ type }) => type === 'newer').map(({ field }) => field);
    const keep = { ...pick(shown, lossy) };
    shown = { ...(typed.length === 0 ? entity.fields : body.fields), ...keep };
    ground = lossy.length === 0 ? entity : { fields: { ...entity.fields, ...pick(since, lossy) }, localSeq: ground.localSeq };
  };

  return {
    kind,
    id,
    fields: () => shown,
    view: () => view,
    isDirty: () => pending !== null || dirtyFields().length > 0,
    async load() {
      const found = await ports.get(kind, id);
      if (!found.ok) return false;
      if (found.value) takeIn(found.value, initial);
      return true;
    },
    set(patch) {
      shown = { ...shown, ...patch };
      schedule(AUTOSAVE_MS);
    },
    flush() {
      cancelTimer?.();
      cancelTimer = null;
      void hand();
    },
    async refresh() {
      if (pending || dirtyFields().length > 0) return;
      const found = await ports.get(kind, id);
      // Typed meanwhile, or overtaken by an answer: the next save merges.
      if (!found.ok || !found.value || pending || dirtyFields().length > 0) return;
      if (found.value.localSeq < ground.localSeq) return;
      takeIn(found.value, shown);
    },
    journalEntry() {
      if (pending && equalJson(pending.shown, shown)) return toEntry(pending.request);
      return dirtyFields().length > 0 ? toEntry(makeRequest(ports.mintId())) : null;
    },
  };
}

const toEntry = ({ kind, id, patch, was, builtOn, saveId }: SaveRequest): JournalEntry => ({
  kind,
  id,
  patch,
  was,
  builtOn,
  saveId,
});
