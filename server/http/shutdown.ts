import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '#core/ports.ts';

/** Requests under way may take this long to end once the server closes. */
export const GRACE_MS = 5000;

/**
 * Makes closing the server prompt. Node's own `closeIdleConnections` spares connections on which no request was ever
 * sent, and browsers open such ahead of need: one of them would keep a closing server waiting. Gives the function to
 * call when closing begins: it ends every connection without a request under way, and the others after a grace.
 */
export function trackConnections(server: Server, clock: Clock): () => void {
  const underWay = new Map<Socket, number>();
  let closing = false;
  server.on('connection', (socket) => {
    underWay.set(socket, 0);
    socket.once('close', () => underWay.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    underWay.set(socket, (underWay.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = (underWay.get(socket) ?? 1) - 1;
      if (underWay.has(socket)) underWay.set(socket, left);
      if (closing && left === 0) socket.end();
    });
  });
  return () => {
    closing = true;
    for (const [socket, requests] of underWay) if (requests === 0) socket.destroy();
    clock.setTimer(GRACE_MS, () => server.closeAllConnections());
  };
}
