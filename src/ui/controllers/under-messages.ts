import type { ReactiveControllerHost } from 'lit';
import { createSource } from '#app/observable.ts';

/** Where the messages of the frame begin, in px of the window; Infinity where there are none. */
const top = createSource(Infinity);

/** Calls the listener, at once and from then on, when messages of the frame lie over another part of the page. Returns the end of it. */
export const onMessages = (listener: () => void): (() => void) => top.subscribe(listener);

/** How many px of the lower part of an element messages of the frame lie over. Nothing is looked for and measured where there are none. */
export const underMessages = (find: () => Element): number =>
  top.value === Infinity ? 0 : Math.max(0, find().getBoundingClientRect().bottom - top.value);

/** The host is what shows the messages. */
export function messagesAt(host: ReactiveControllerHost & HTMLElement): void {
  const measure = (): void => {
    const { top: begin, height } = host.getBoundingClientRect();
    top.set(height > 0 ? begin : Infinity);
  };
  const sizes = new ResizeObserver(measure);
  host.addController({
    hostConnected: () => sizes.observe(host),
    hostUpdated: measure,
    hostDisconnected: () => {
      sizes.disconnect();
      top.set(Infinity);
    },
  });
}
