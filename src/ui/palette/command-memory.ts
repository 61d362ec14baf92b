import type { App } from '#app/app.ts';
import { readFields } from '#core/entity.ts';
import { commandState } from '#entities/command-state.ts';
import { closeSession, openLoaded } from '#ui/controllers/loaded-session.ts';

/** What was chosen in the palette: a command, or an entity at its place. */
export type Choice = { readonly command: string } | { readonly panel: string; readonly id: string };

/** What this device remembers of the palette: the entity `command-state` whose id is the device's. */
export interface CommandMemory {
  /** Newest first. */
  readonly history: readonly Choice[];
  readonly lastCommand: string;
  readonly unsentText: string;
  readonly singleKeys: boolean;
  keepText(text: string): void;
  /** Notes a choice; what was typed for it is sent with it. */
  keepChoice(choice: Choice): void;
  setSingleKeys(on: boolean): void;
  /** Hands over what is waiting. */
  close(): Promise<void>;
}

const MAX_CHOICES = 30;

/** Reads the memory. Where that fails the palette works all the same, and remembers nothing. */
export async function openCommandMemory(app: App): Promise<CommandMemory> {
  const loaded = await openLoaded(app, 'command-state', app.deviceId);
  const session = loaded.ok ? loaded.value.session : null;
  const read = () => readFields(commandState, session?.fields ?? {});
  return {
    get history() {
      return parseChoices(read().history);
    },
    get lastCommand() {
      return read().lastCommand;
    },
    get unsentText() {
      return read().unsentText;
    },
    get singleKeys() {
      return read().singleKeys;
    },
    keepText(typed) {
      if (typed !== read().unsentText) session?.set({ unsentText: typed });
    },
    keepChoice(choice) {
      const history = rememberChoice(parseChoices(read().history), choice);
      session?.set({
        history,
        ...('command' in choice && { lastCommand: choice.command }),
        ...(read().unsentText !== '' && { unsentText: '' }),
      });
    },
    setSingleKeys(on) {
      session?.set({ singleKeys: on });
    },
    close: () => (session ? closeSession(session) : Promise.resolve()),
  };
}

/** The history with a choice on top, each choice once. */
export function rememberChoice(history: readonly Choice[], choice: Choice): readonly Choice[] {
  return [choice, ...history.filter((other) => nameOf(other) !== nameOf(choice))].slice(0, MAX_CHOICES);
}

/** Reads a stored history, leaving out what is no choice. */
export function parseChoices(value: unknown): readonly Choice[] {
  if (!Array.isArray(value)) return [];
  return value.filter((choice): choice is Choice => {
    const { command, panel, id } = Object(choice);
    return typeof command === 'string' || (typeof panel === 'string' && typeof id === 'string');
  });
}

const nameOf = (choice: Choice): string => ('command' in choice ? choice.command : `${choice.panel}/${choice.id}`);
