import type { ReactiveController, ReactiveControllerHost } from 'lit';

const LOOK_MS = 1500;

/**
 * Whether another tab asks a prompt, with a new render when that changes. `prompt` gives the one without an answer, after each
 * render; while there is one, `isAsked` is asked again and again, because a tab that is closed says nothing.
 */
export function askedElsewhere(
  host: ReactiveControllerHost,
  prompt: () => string | undefined,
  isAsked: (promptId: string) => Promise<boolean>,
): { readonly promptId: string } {
  let elsewhere = '';
  let looked: string | undefined;
  let isConnected = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const look = async (): Promise<void> => {
    clearTimeout(timer);
    const promptId = prompt();
    const next = promptId !== undefined && (await isAsked(promptId)) ? promptId : '';
    // The answer may have come to its end meanwhile.
    if (promptId !== prompt()) return;
    if (next !== elsewhere) host.requestUpdate();
    elsewhere = next;
    if (promptId !== undefined && isConnected) timer = setTimeout(() => void look(), LOOK_MS);
  };

  const controller: ReactiveController = {
    hostConnected() {
      isConnected = true;
    },
    hostUpdated() {
      const unfinished = prompt();
      if (unfinished === looked) return;
      looked = unfinished;
      void look();
    },
    hostDisconnected() {
      isConnected = false;
      looked = undefined;
      clearTimeout(timer);
    },
  };
  host.addController(controller);
  return {
    get promptId() {
      return elsewhere;
    },
  };
}
