/** Which of several versions of a message are shown: those that the person has chosen, else the newest. */
import type { ReactiveControllerHost } from 'lit';
import type { Turn } from '#features/chat/branches.ts';
import type { ChatMessage } from '#features/chat/chat-message.ts';
import type { Shell } from '#ui/shell/shell.ts';
import { count } from '#ui/text/time-text.ts';

export interface ChosenBranchesOptions {
  readonly shell: () => Shell;
  /** As it is shown now. */
  readonly thread: () => readonly Turn<ChatMessage>[];
  readonly chatId: () => string;
  /** Remembers the choice for the next time. */
  readonly keep: (ids: readonly string[]) => void;
  /** The person looks at something else than the end. */
  readonly leaveEnd: () => void;
}

export interface ChosenBranches {
  /** The ids of the chosen messages. */
  readonly ids: ReadonlySet<string>;
  /** What was kept of the choice, or what leads to a message: nothing is remembered by that. */
  show(ids: readonly string[]): void;
  choose(siblings: readonly string[], id: string): void;
  /** A newer version of these messages is about to come: an earlier choice must not hide it. */
  forget(ids: readonly string[]): void;
  /** Messages that come after it, as they are shown. */
  laterThan(message: ChatMessage): number;
  /**
   * What is about to go out of sight, with all that follows it: gives what says that it is kept, and how to go back to it. Take it
   * before the thread changes.
   */
  sayKeptLater(word: 'version' | 'answer', message: ChatMessage): () => void;
}

export function chosenBranches(host: ReactiveControllerHost, options: ChosenBranchesOptions): ChosenBranches {
  const { shell, thread, chatId, keep, leaveEnd } = options;
  let ids: ReadonlySet<string> = new Set();

  const show = (next: readonly string[]): void => {
    ids = new Set(next);
    host.requestUpdate();
  };
  const change = (next: readonly string[]): void => {
    show(next);
    keep(next);
  };
  const siblingsOf = (wanted: readonly string[]): readonly string[] =>
    thread().find(({ message }) => wanted.includes(message.id))?.siblings ?? [];

  const branches: ChosenBranches = {
    get ids() {
      return ids;
    },
    show,
    choose(siblings, id) {
      leaveEnd();
      change([...[...ids].filter((other) => !siblings.includes(other)), id]);
    },
    forget(gone) {
      const siblings = siblingsOf(gone);
      change([...ids].filter((id) => !siblings.includes(id)));
    },
    laterThan({ id }) {
      const shown = thread();
      return shown.length - 1 - shown.findIndex(({ message }) => message.id === id);
    },
    sayKeptLater(word, message) {
      const { id } = message;
      const shownIn = chatId();
      const siblings = thread().some((turn) => turn.message.id === id) ? siblingsOf([id]) : [id];
      const later = branches.laterThan(message);
      const what = later === 0 ? `The earlier ${word} is` : `The earlier ${word} and its ${count(later, 'message')} are`;
      return () =>
        shell().notify({
          text: `${what} kept: ${siblings.indexOf(id) + 1}/${siblings.length + 1}`,
          undoLabel: 'Show it',
          undo: () => {
            if (chatId() === shownIn) branches.choose(siblings, id);
            else shell().navigate(`/chats/${shownIn}/${id}`);
          },
        });
    },
  };
  return branches;
}
