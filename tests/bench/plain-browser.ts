/**
 * A Chromium that nobody looks over the shoulder of. Playwright listens to the network of every page and worker, and the
 * browser then tells it of each request, its body included: a push of 320 kB took 18 ms instead of 5 (measured with 156).
 * Where requests are timed, the pages are driven by what is needed and nothing more: open, evaluate, close.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { BROWSER_ARGS, findBrowser } from '#ci/browser.mjs';

/** A page as far as the sync benchmark needs one. Playwright's own pages fit as well. */
export interface PlainPage {
  /** Runs `body`, which travels as text and sees nothing but its argument, in the page. */
  evaluate<A, R>(body: (argument: A) => Promise<R> | R, argument: A): Promise<R>;
  close(): Promise<void>;
}

export interface PlainBrowser {
  readonly version: string;
  /** Opens `url` in a fresh profile and resolves when it has loaded. */
  open(url: string): Promise<PlainPage>;
  close(): Promise<void>;
}

/** A page of which no window is in front is slowed down; Playwright starts its browsers with these, too. */
const AWAKE = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

interface Answer {
  readonly id?: number;
  readonly error?: { readonly message: string };
  readonly result?: { readonly [name: string]: unknown };
}

export async function launchPlain(): Promise<PlainBrowser> {
  const profile = mkdtempSync(join(tmpdir(), 'holdfast-plain-'));
  const path = (await findBrowser()) ?? chromium.executablePath();
  const own = ['--headless=new', '--remote-debugging-port=0', '--no-first-run', `--user-data-dir=${profile}`];
  const args = [...own, ...AWAKE, ...BROWSER_ARGS];
  const child = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const socket = await connect(await readAddress(child.stderr));
  const waiting = new Map<number, (answer: Answer) => void>();
  let calls = 0;
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  });

  const send = async <R>(method: string, params: object = {}, sessionId?: string): Promise<R> => {
    const id = ++calls;
    const answered = new Promise<Answer>((resolve) => waiting.set(id, resolve));
    socket.send(JSON.stringify({ id, method, params, sessionId }));
    const { error, result } = await answered;
    waiting.delete(id);
    if (error) throw new Error(`${method}: ${error.message}`);
    return result as R;
  };

  async function open(url: string): Promise<PlainPage> {
    const { browserContextId } = await send<{ browserContextId: string }>('Target.createBrowserContext');
    const { targetId } = await send<{ targetId: string }>('Target.createTarget', { url, browserContextId });
    const { sessionId } = await send<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true });
    const evaluateText = async (expression: string): Promise<unknown> => {
      const options = { expression, awaitPromise: true, returnByValue: true };
      const { result, exceptionDetails } = await send<{
        readonly result: { readonly value?: unknown; readonly description?: string };
        readonly exceptionDetails?: object;
      }>('Runtime.evaluate', options, sessionId);
      if (exceptionDetails) throw new Error(`page: ${result.description ?? JSON.stringify(exceptionDetails)}`);
      return result.value;
    };
    // While the page is on its way there is an empty document at first, and then none for a moment.
    const isLoaded = () =>
      evaluateText('document.readyState === "complete" && location.href !== "about:blank"').catch(() => false);
    while (!(await isLoaded())) await pause();
    return {
      evaluate: async <A, R>(body: (argument: A) => Promise<R> | R, argument: A) =>
        (await evaluateText(`(${body})(${JSON.stringify(argument)})`)) as R,
      close: () => send('Target.disposeBrowserContext', { browserContextId }),
    };
  }

  const { product } = await send<{ product: string }>('Browser.getVersion');
  return {
    version: product.split('/').at(-1) ?? product,
    open,
    async close() {
      await send('Browser.close');
      await ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

/** Chromium prints where it listens. */
async function readAddress(lines: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of lines) {
    text += String(chunk);
    const address = /DevTools listening on (ws:\S+)/.exec(text)?.[1];
    if (address) {
      lines.resume();
      return address;
    }
  }
  throw new Error(`The browser did not start.\n${text}`);
}

async function connect(address: string): Promise<WebSocket> {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', reject, { once: true });
  });
  return socket;
}
