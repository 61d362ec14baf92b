/** Requests that want to freeze the server or fill its memory: how long it answers nobody else, and how far it grows. */
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { paths } from '#core/paths.ts';
import { enterDevice, sendRaw } from '#support/server-http.ts';
import { startServer } from '#support/server-process.ts';
import { makeOp, makePush } from '#support/server-world.ts';
import { type Figure, round, sized, writeSection } from './report.ts';

const ROUNDS = sized(5, 2);
const MAX_BLOCKED_MS = 100;
const MAX_BYTES = 64_000_000;
const MB = 1_000_000;

const inPush = (ops: string): string => `{"protocol":1,"epoch":null,"seen":null,"ops":[${ops}]}`;
const hostile: readonly { readonly what: string; readonly text: string }[] = [
  { what: '33 million empty arrays', text: inPush(`${'[],'.repeat(33 * MB)}0`) },
  { what: '99 MB of numbers', text: inPush(`${'1,'.repeat(49 * MB)}0`) },
  { what: '99 MB of blanks', text: inPush(' '.repeat(99 * MB)) },
  { what: '99 MB of brackets', text: '['.repeat(99 * MB) },
  { what: 'a string of 99 MB for an op', text: inPush(`"${'a'.repeat(99 * MB)}"`) },
  { what: 'a body of 99 million characters', text: inPush(`{"body":"${'a'.repeat(99 * MB)}"}`) },
  { what: '90 ops of a million characters', text: inPush(`${`{"body":"${'a'.repeat(MB)}"},`.repeat(90)}0`) },
];

const server = await startServer({ env: { HOLDFAST_LOG_LEVEL: 'silent' } });
const device = await enterDevice(server.url);
const status = (name: string): number => {
  const line = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'));
  return Number(line?.[1]) * 1024;
};

interface Attack {
  readonly status: number;
  readonly blockedMs: number;
  readonly bytes: number;
}

/** Sends one, and meanwhile asks again and again whether the server is alive. */
async function attack(text: string): Promise<Attack> {
  const headers = { host: 'localhost', cookie: device.cookie, 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const body = gzipSync(text, { level: 1 });
  const idle = status('VmRSS');
  // 5: the highest mark of memory starts again from what is used now.
  writeFileSync(`/proc/${server.pid}/clear_refs`, '5');
  let answered = false;
  const sent = sendRaw(server.port, { method: 'POST', path: paths.push(device.accountId), headers, body }).then((answer) => {
    answered = true;
    return answer;
  });
  let blockedMs = 0;
  while (!answered) {
    const start = performance.now();
    await fetch(`${server.url}/healthz`);
    blockedMs = Math.max(blockedMs, performance.now() - start);
  }
  const answer = await sent;
  return { status: answer.status, blockedMs, bytes: Math.max(0, status('VmHWM') - idle) };
}

await device.push([makeOp()]);
const results: { readonly what: string; readonly rounds: readonly Attack[] }[] = [];
for (const { what, text } of hostile) {
  const rounds: Attack[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await attack(text));
  results.push({ what, rounds });
}
const sane = await device.push(makePush([makeOp()]).ops);
if (sane.status !== 200) throw new Error(`an ordinary push afterwards: ${sane.status}`);
await server.stop();

const statuses = [...new Set(results.flatMap(({ rounds }) => rounds.map((each) => each.status)))].sort();
// The best of the rounds: what the request itself costs, without what else the machine did.
const least = (pick: (round: Attack) => number): number =>
  Math.max(...results.map(({ rounds }) => Math.min(...rounds.map(pick))));
const [blockedMs, bytes] = [least((each) => each.blockedMs), least((each) => each.bytes)];

writeSection({
  name: 'hostile',
  title: 'Hostile requests',
  targets: [
    {
      what: 'the server answers nobody else for',
      target: `at most ${MAX_BLOCKED_MS} ms`,
      measured: `${round(blockedMs)} ms`,
      met: blockedMs <= MAX_BLOCKED_MS,
    },
    {
      what: 'memory above idle',
      target: `at most ${MAX_BYTES / MB} MB`,
      measured: `${round(bytes / MB)} MB`,
      met: bytes <= MAX_BYTES,
    },
    {
      what: 'answer',
      target: '400 or 413',
      measured: statuses.join(', '),
      met: statuses.every((one) => one === 400 || one === 413),
    },
  ],
  figures: results.flatMap(({ what, rounds }): Figure[] => [
    { what: `${what}: longest wait for /healthz meanwhile`, durability: '–', samples: rounds.map((each) => each.blockedMs) },
    { what: `${what}: memory above idle`, durability: '–', unit: 'MB', samples: rounds.map((each) => each.bytes / MB) },
  ]),
  notes: [
    'A real server process; each request is gzip of some 100 MB or less on the wire, from a device that is signed in; the worst of all requests, of each its best round.',
    'Memory: the highest resident size while the request was answered (VmHWM), less the size before it (Linux only).',
  ],
});
