import type { App, EntitySession } from '#app/app.ts';
import { createSource, type Observable } from '#app/observable.ts';
import { listOf } from '#core/json-shape.ts';
import { type Attachment, attachmentsToKeep, readAttachments } from '#entities/message-content.ts';
import { closeSession, openSurely } from '#ui/controllers/loaded-session.ts';
import { createPromptTray, type PromptTray, type PromptTrayOptions } from './prompt-tray.ts';

/** Under this name is the draft of a chat that does not exist yet. */
export const NEW_CHAT = 'new';

/** The draft of a chat while a prompt is not committed, or where it could not be: that comes before what was typed since. */
export const draftBehind = (prompt: string, typed: string): string =>
  typed === prompt || typed.trim() === prompt || typed.startsWith(`${prompt}\n`)
    ? typed
    : [prompt, typed].filter(Boolean).join('\n');

/** What is left of it once the prompt is committed. */
export const restOfDraft = (draft: string, prompt: string): string => {
  if (draft.trim() === prompt) return '';
  return draft.startsWith(`${prompt}\n`) ? draft.slice(prompt.length + 1) : draft;
};

/** What lies unfinished in each chat on this device: the unsent text and its files, and the versions that are shown. */
export interface ChatDrafts {
  /** Settles when the drafts have been read. What is typed before that is kept as well. */
  readonly ready: Promise<void>;
  /** `of`: a chat, or a prompt that is being edited. */
  draft(of: string): string;
  /** Keeps what is typed, from the first letter on; an empty text takes the draft away. */
  setDraft(of: string, text: string): void;
  /** Another value each time that drafts have come from another tab. */
  readonly incoming: Observable<object>;
  /** What was begun for a chat that did not exist yet belongs to this one. */
  adopt(chat: string): void;
  /** The files of the draft, with those that are still on their way. It goes on while another chat is shown. */
  tray(chat: string): PromptTray;
  /** Keeps these files for the draft, whatever its tray has. */
  setFiles(chat: string, files: readonly Attachment[]): void;
  /** The messages that were chosen among their versions. */
  chosen(chat: string): readonly string[];
  setChosen(chat: string, ids: readonly string[]): void;
  close(): void;
}

export function openChatDrafts(app: App, news: Omit<PromptTrayOptions, 'files' | 'onChange'>): ChatDrafts {
  let session: EntitySession<'chat-desk'> | null = null;
  let closed = false;
  const trays = new Map<string, { readonly tray: PromptTray; chat: string }>();

  /** By chat, what was typed before the drafts had been read: it comes behind what was there. */
  const early = new Map<string, string>();
  const incoming = createSource<object>({});

  const load = async (): Promise<void> => {
    const loaded = await openSurely(app, 'chat-desk', app.deviceId);
    session = loaded.session;
    session.onIncoming((fields) => 'drafts' in fields && incoming.set({}));
    for (const [chat, text] of early) if (text !== '') keep(chat, [drafts()[chat] ?? '', text].filter(Boolean).join('\n'));
    early.clear();
    if (closed) void closeSession(session);
  };
  const ready = load();

  const drafts = (): { readonly [chat: string]: string } => {
    const stored = Object.entries(session?.fields.drafts ?? {});
    return Object.fromEntries(stored.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  };

  const keep = (chat: string, text: string): void => {
    const { [chat]: before = '', ...others } = drafts();
    if (text !== before) session?.set({ drafts: text === '' ? others : { ...others, [chat]: text } });
  };

  const filesId = (chat: string): string | undefined => {
    const id = session?.fields.images[chat];
    return typeof id === 'string' ? id : undefined;
  };

  const keptFiles = async (chat: string): Promise<readonly Attachment[]> => {
    await ready;
    const id = filesId(chat);
    const found = id === undefined ? null : await app.get('unsent-images', id);
    return found?.ok && found.value?.lifecycle === 'live' ? readAttachments(found.value.fields.images) : [];
  };

  const setFiles = (chat: string, files: readonly Attachment[]): void => {
    if (!session) return void ready.then(() => session && setFiles(chat, files));
    const id = filesId(chat);
    const content = { images: attachmentsToKeep(files) };
    if (files.length > 0) {
      if (id !== undefined) return void app.patch('unsent-images', id, content);
      const made = app.create('unsent-images', content);
      void closeSession(made);
      session.set({ images: { ...session.fields.images, [chat]: made.id } });
    } else if (id !== undefined) {
      const { [chat]: _, ...others } = session.fields.images;
      session.set({ images: others });
      void app.purge('unsent-images', [id]);
    }
  };

  const openTray = (chat: string): PromptTray => {
    const entry = {
      chat,
      tray: createPromptTray({ ...news, files: app.files, onChange: (files) => setFiles(entry.chat, files) }),
    };
    trays.set(chat, entry);
    void keptFiles(chat).then((files) => {
      if (files.length === 0) return;
      entry.tray.restore(files);
      // What was added meanwhile is beside it.
      if (entry.tray.attachments.length > files.length) setFiles(entry.chat, entry.tray.attachments);
    });
    return entry.tray;
  };

  return {
    ready,
    draft: (of) => drafts()[of] ?? early.get(of) ?? '',
    setDraft(of, text) {
      if (session) keep(of, text);
      else early.set(of, text);
    },
    incoming,
    adopt(chat) {
      const { [NEW_CHAT]: text, ...others } = drafts();
      const { [NEW_CHAT]: id, ...otherImages } = session?.fields.images ?? {};
      if (text !== undefined) session?.set({ drafts: { ...others, [chat]: text } });
      if (id !== undefined) session?.set({ images: { ...otherImages, [chat]: id } });
      const typed = early.get(NEW_CHAT);
      if (typed !== undefined && early.delete(NEW_CHAT)) early.set(chat, typed);
      const entry = trays.get(NEW_CHAT);
      if (!entry) return;
      trays.delete(NEW_CHAT);
      trays.set(chat, entry);
      entry.chat = chat;
    },
    tray: (chat) => trays.get(chat)?.tray ?? openTray(chat),
    setFiles,
    chosen(chat) {
      return listOf(session?.fields.branches[chat]).filter((id) => typeof id === 'string');
    },
    setChosen(chat, ids) {
      if (!session) return;
      const { [chat]: _, ...others } = session.fields.branches;
      session.set({ branches: ids.length === 0 ? others : { ...others, [chat]: ids } });
    },
    close() {
      const ending = session;
      closed = true;
      if (!ending) return;
      void ending.flush();
      // What is still on its way belongs to the draft as well.
      void Promise.all([...trays.values()].map(({ tray }) => tray.settled())).then(() => closeSession(ending));
    },
  };
}
