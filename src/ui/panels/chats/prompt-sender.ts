/** What a chat sends: what was written in it, edited prompts, *Continue*, and answers that are asked for again. */
import type { ReactiveControllerHost } from 'lit';
import type { EntitySession } from '#app/app.ts';
import type { Chats, Prompt } from '#app/chat/chats.ts';
import type { ChatMessage } from '#features/chat/chat-message.ts';
import { failureNotice } from '#ui/parts/failure-notice.ts';
import type { Shell } from '#ui/shell/shell.ts';
import { type ChatDrafts, draftBehind, NEW_CHAT, restOfDraft } from './chat-drafts.ts';
import type { ChosenBranches } from './chosen-branches.ts';
import type { MessageComposer } from './message-composer.ts';
import type { PromptTray } from './prompt-tray.ts';
import type { ThreadScroll } from './thread-scroll.ts';
import type { UnsentTexts } from './unsent-texts.ts';

/** What **Continue** asks after an answer that was cut off by its limit of tokens. */
const GO_ON = 'Continue exactly where you stopped.';

type Message = Pick<Prompt, 'text' | 'attachments' | 'replaces'>;

/** The chat that is open, as it is when it is asked. */
export interface OpenChat {
  readonly session: EntitySession<'chat'>;
  /** It does not exist yet: its first message makes it. */
  readonly fresh: boolean;
  readonly tray: PromptTray;
  /** Under which what is written in it is kept. */
  readonly draftKey: string;
  /** The id of its last message that is shown. */
  readonly lastId: string | null;
}

export interface PromptSenderOptions {
  readonly open: () => OpenChat;
  /** Whether a chat is the one on the screen: it may have been left. */
  readonly isShown: (session: EntitySession<'chat'>) => boolean;
  readonly chats: () => Chats;
  readonly drafts: () => ChatDrafts;
  readonly composer: () => MessageComposer;
  readonly shell: () => Shell;
  readonly unsent: () => UnsentTexts;
  readonly branches: ChosenBranches;
  readonly place: ThreadScroll;
  /** A fresh chat that is open exists now. */
  readonly onKept: () => void;
}

export interface PromptSender {
  /** A prompt of the open chat is on its way into the store: the next one comes after its answer, not beside it. */
  isSending(): boolean;
  /** Sends what was written, with the files of the tray. What is not sent goes back. */
  send(text: string): Promise<void>;
  goOn(message: ChatMessage): void;
  /** A prompt is asked again for itself, an answer for the prompt that it follows: a sibling comes beside it. */
  askAgain(message: ChatMessage): void;
  /** Sends an edited prompt in the place of the earlier one. */
  resend(message: ChatMessage, text: string): Promise<void>;
}

export function promptSender(host: ReactiveControllerHost, options: PromptSenderOptions): PromptSender {
  const { open, isShown, chats, drafts, composer, shell, unsent, branches, place, onKept } = options;
  let sendingFrom: EntitySession<'chat'> | null = null;
  const setSending = (session: EntitySession<'chat'> | null): void => {
    sendingFrom = session;
    host.requestUpdate();
  };

  /**
   * A fresh chat has an address as soon as it exists, and what is being sent is its draft until it is committed: a reload in
   * between would otherwise come back to an empty chat that knows nothing of what was asked.
   */
  const moveIn = ({ id }: EntitySession<'chat'>, { text, attachments }: Message): void => {
    drafts().setDraft(id, draftBehind(text, drafts().draft(NEW_CHAT)));
    drafts().setDraft(NEW_CHAT, '');
    if (attachments.length > 0) {
      drafts().setFiles(id, attachments);
      drafts().setFiles(NEW_CHAT, []);
    }
    const now = open();
    if (now.fresh && now.session.id === id) onKept();
  };

  /** Gives whether it is committed. */
  const commit = async (message: Message, follows: string | null): Promise<boolean> => {
    const { session, fresh } = open();
    place.toEnd();
    // Title, model and system prompt that were typed last go first.
    await session.flush();
    const sent = await chats().send({ chatId: session.id, follows, ...message }, () => {
      if (fresh) moveIn(session, message);
    });
    if (!sent.ok) shell().notify(failureNotice('Not sent', sent.error));
    return sent.ok;
  };

  return {
    isSending: () => sendingFrom !== null && sendingFrom === open().session,

    async send(text) {
      const { session, tray, lastId } = open();
      const attachments = tray.take();
      setSending(session);
      const isSent = await commit({ text, attachments }, lastId);
      const isOpen = isShown(session);
      const key = isOpen && !isSent ? open().draftKey : session.id;
      // What was typed or added meanwhile belongs to the next one.
      if (isSent) drafts().setDraft(key, isOpen ? composer().text : restOfDraft(drafts().draft(key), text));
      else {
        unsent().putBack(text, key, isOpen);
        tray.restore(attachments);
      }
      // Where this tab has none and had none, those that are kept are another tab's.
      if (attachments.length + tray.attachments.length > 0) drafts().setFiles(key, tray.attachments);
      if (sendingFrom === session) setSending(null);
    },

    goOn({ id }) {
      shell().focusDocument();
      void commit({ text: GO_ON, attachments: [] }, id);
    },

    askAgain(message) {
      const promptId = message.role === 'user' ? message.id : message.follows;
      if (promptId === null) return;
      shell().focusDocument();
      if (message.role === 'assistant' && branches.laterThan(message) > 0) branches.sayKeptLater('answer', message)();
      branches.forget(message.role === 'user' ? [] : [message.id]);
      place.toEnd();
      void chats().ask(promptId);
    },

    async resend(message, text) {
      const say = branches.sayKeptLater('version', message);
      shell().focusDocument();
      branches.forget([message.id]);
      const send = (): Promise<boolean> =>
        commit({ text, attachments: message.attachments, replaces: message.id }, message.follows);
      if (!(await unsent().resend(message, text, send))) return;
      say();
      if (message.state === 'waiting') void chats().withdraw(message.id);
    },
  };
}
