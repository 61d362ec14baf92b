import type { CourierAnswer, CourierRequest } from '#core/channels.ts';
import type { Courier } from './courier.ts';

/** What pages ask of the service worker. The answer on the port confirms that it arrived; how a drain goes is announced to every context. */
export function createMessageHandler(
  courier: Courier,
  skipWaiting: () => Promise<void>,
): (event: ExtendableMessageEvent) => void {
  return (event) => {
    const request = event.data as CourierRequest;
    const accepted: CourierAnswer = { type: 'accepted' };
    event.ports[0]?.postMessage(accepted);
    if (request.type === 'drain') event.waitUntil(courier.drain(request.workspaceId, request.force));
    if (request.type === 'skip-waiting') event.waitUntil(skipWaiting());
  };
}
