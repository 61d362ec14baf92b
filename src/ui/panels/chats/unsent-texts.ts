/** What is written in a chat and not sent: the message, as it is in every tab of the chat, and the edits of earlier prompts. */
import type { ReactiveControllerHost } from 'lit';
import type { ChatMessage } from '#features/chat/chat-message.ts';
import { observe } from '#ui/controllers/observer.ts';
import type { Shell } from '#ui/shell/shell.ts';
import { type ChatDrafts, draftBehind } from './chat-drafts.ts';
import type { MessageComposer } from './message-composer.ts';

export interface UnsentTextsOptions {
  readonly drafts: () => ChatDrafts | undefined;
  readonly composer: () => MessageComposer;
  /** Under which the message of the open chat is kept. */
  readonly draftKey: () => string;
  /** Its message is on its way into the store: it is still kept, and not to be shown again. */
  readonly isSending: () => boolean;
  readonly shell: () => Shell;
}

export interface UnsentTexts {
  /** The edited text of a prompt; '' where it is not edited. */
  edited(message: ChatMessage): string;
  edit(message: ChatMessage, text: string): void;
  /** Sends an edited text by `send`, which says whether it was. It is kept until then, and edited again where it was not. */
  resend(message: ChatMessage, text: string, send: () => Promise<boolean>): Promise<boolean>;
  /** Ends an edit. What was changed can be had back. */
  giveUp(message: ChatMessage, text: string): void;
  /** A message was not sent: it goes back into the field, before what was typed meanwhile. `isOpen`: its chat is. */
  putBack(text: string, key: string, isOpen: boolean): void;
}

export function unsentTexts(host: ReactiveControllerHost, options: UnsentTextsOptions): UnsentTexts {
  const { composer, draftKey, isSending, shell } = options;
  const incoming = observe(host, () => options.drafts()?.incoming);
  let taken: unknown;
  /** The prompt whose edited text is on its way into the store. */
  let resent = '';

  const draftOf = (key: string): string => options.drafts()?.draft(key) ?? '';
  const keep = (key: string, text: string): void => options.drafts()?.setDraft(key, text);

  host.addController({
    hostUpdated() {
      if (incoming.value === taken || isSending()) return;
      // The first value tells of nothing.
      if (taken !== undefined) composer().take(draftOf(draftKey()));
      taken = incoming.value;
    },
  });

  return {
    edited: ({ id }) => (id === resent ? '' : draftOf(id)),
    edit: ({ id }, text) => keep(id, text),
    async resend({ id }, text, send) {
      keep(id, text);
      resent = id;
      const isSent = await send();
      if (isSent) keep(id, '');
      resent = '';
      host.requestUpdate();
      return isSent;
    },
    giveUp({ id, text }, edited) {
      const change = (next: string): void => {
        keep(id, next);
        host.requestUpdate();
      };
      change('');
      if (edited.trim() === '' || edited === text) return;
      shell().notify({ text: 'The edited text was not sent', undo: () => change(edited) });
    },
    putBack(text, key, isOpen) {
      const all = draftBehind(text, draftOf(key));
      keep(key, all);
      if (isOpen) void composer().show(all);
    },
  };
}
