/** A proxy before another server, whose answers a test can replace, hold back or cut off. */
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Takes a request itself and gives true, or lets it pass. */
export type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface FaultyProxy {
  readonly url: string;
  /** The methods and paths of the requests that came, in their order. */
  readonly seen: string[];
  /** What happens to each request from now on; null lets all pass. */
  fail(fault: Fault | null): void;
  close(): Promise<void>;
}

export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const { hostname, port } = new URL(target);
  let fault: Fault | null = null;
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    if (fault?.(request, response)) return;
    const { method, url, headers } = request;
    // With the name under which it was asked: it is signed.
    const passed = httpRequest({ hostname, port, method, path: url, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    seen,
    fail(next) {
      fault = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with this status, and the XML that a store puts into its errors. */
export const answerWith =
  (status: number, code?: string): Fault =>
  (request, response) => {
    request.resume();
    const text = code === undefined ? '<html>not the store</html>' : `<?xml version="1.0"?>\n<Error><Code>${code}</Code></Error>`;
    response.writeHead(status, { 'content-type': code === undefined ? 'text/html' : 'application/xml' });
    response.end(request.method === 'HEAD' ? undefined : text);
    return true;
  };
