/** Whatever happens in the picture worker, whoever adds a file gets an answer, and the next file is prepared. */
import { expose } from 'comlink';
import { expect, test, vi } from 'vitest';
import { createPictureClient } from '#app/pictures/picture-client.ts';
import { MAX_BLOB_BYTES } from '#core/blobs.ts';
import { ok } from '#core/result.ts';
import { asFile } from '#features/pictures/as-file.ts';
import { UNKNOWN } from '#features/pictures/media-type.ts';
import type { PictureWorkerApi } from '#features/pictures/prepared-file.ts';
import { jpegOf } from '#support/picture-bytes.ts';
import { workerOver } from '#support/worker-over.ts';

const options = { maxEdge: 2048, stripLocation: true };
const photo = () => new File([jpegOf(30, 20)], 'photo.jpg', { type: 'text/html' });
const prepared = ok(asFile(new Blob(['x'], { type: UNKNOWN.type }), UNKNOWN, ''));
const never = new Promise<never>(() => {});

/** A client whose workers do as `lives` say, one after the other; the last one is repeated. Timers fire when the test says so. */
function clientWith(...lives: readonly Partial<PictureWorkerApi>[]) {
  const timers = new Map<() => void, number>();
  const workers: { readonly kill: () => void; isEnded: boolean }[] = [];
  const spawn = (): Worker => {
    const over = workerOver(() => {
      life.isEnded = true;
    });
    const life = { kill: over.kill, isEnded: false };
    const api = lives[Math.min(workers.push(life), lives.length) - 1];
    over.port.start();
    expose({ ping: async () => {}, prepare: async () => prepared, ...api }, over.port as never);
    return over.worker;
  };
  const setTimer = (ms: number, fire: () => void) => {
    timers.set(fire, ms);
    return () => void timers.delete(fire);
  };
  const pass = () => {
    for (const fire of [...timers.keys()]) {
      timers.delete(fire);
      fire();
    }
  };
  return { client: createPictureClient({ spawn, clock: { setTimer } }), workers, pass };
}

/** A file that the worker takes and never answers. */
function endless() {
  const prepare = vi.fn<PictureWorkerApi['prepare']>(() => never);
  return { prepare, taken: () => vi.waitFor(() => expect(prepare).toHaveBeenCalled()) };
}

test('a file without an end in the worker is kept as a file, its worker ended, and the next is prepared by another', async () => {
  const { prepare, taken } = endless();
  const { client, workers, pass } = clientWith({ prepare }, {});
  const first = client.prepare(photo(), options);
  const second = client.prepare(photo(), options);
  await taken();
  expect(workers).toHaveLength(1);
  pass();
  expect(await first).toMatchObject({
    ok: true,
    value: {
      type: 'image/jpeg',
      name: 'photo.jpg',
      isPicture: false,
      notice: { type: 'PictureUnreadable', locationKept: true },
    },
  });
  expect(workers[0]?.isEnded).toBe(true);
  expect(await second).toMatchObject({ ok: true, value: { notice: null } });
  expect(workers).toHaveLength(2);
});

test('a picture that ends its worker is kept as a file', async () => {
  const { prepare, taken } = endless();
  const { client, workers } = clientWith({ prepare }, {});
  const ending = client.prepare(photo(), { ...options, stripLocation: false });
  await taken();
  workers[0]?.kill();
  expect(await ending).toMatchObject({ ok: true, value: { notice: { type: 'PictureUnreadable', locationKept: false } } });
  expect(await client.prepare(photo(), options)).toMatchObject({ ok: true, value: { notice: null } });
});

test('another file that takes too long to read is refused, not taken for a damaged picture', async () => {
  const { prepare, taken } = endless();
  const { client, pass } = clientWith({ prepare });
  const reading = client.prepare(new File(['words'], 'a.txt'), options);
  await taken();
  pass();
  expect(await reading).toMatchObject({ ok: false, error: { type: 'FileUnreadable' } });
});

test('a worker that does not start is no fault of the file', async () => {
  const { client, workers } = clientWith({ ping: () => never }, {});
  const waiting = client.prepare(photo(), options);
  await vi.waitFor(() => expect(workers).toHaveLength(1));
  workers[0]?.kill();
  expect(await waiting).toMatchObject({ ok: false, error: { type: 'PrepareFailed', reason: 'killed' } });
  expect(await client.prepare(photo(), options)).toMatchObject({ ok: true });
});

test('no worker at all, and one that throws, are answers', async () => {
  const noWorker = createPictureClient({
    spawn: () => {
      throw new TypeError('no workers here');
    },
    clock: { setTimer: () => () => {} },
  });
  for (let i = 0; i < 2; i++)
    expect(await noWorker.prepare(photo(), options)).toMatchObject({ ok: false, error: { type: 'PrepareFailed' } });
  const broken = (): never => {
    throw new RangeError('no memory');
  };
  expect(await clientWith({ prepare: broken }).client.prepare(photo(), options)).toMatchObject({
    ok: false,
    error: { type: 'PrepareFailed', reason: expect.stringContaining('no memory') },
  });
});

test('one file at a time, in the order of the calls', async () => {
  const ends: (() => void)[] = [];
  const { client } = clientWith({
    prepare: () =>
      new Promise((resolve) => {
        ends.push(() => resolve(prepared));
      }),
  });
  const all = [photo(), photo(), photo()].map((file) => client.prepare(file, options));
  for (let turn = 1; turn <= all.length; turn++) {
    await vi.waitFor(() => expect(ends).toHaveLength(turn));
    ends[turn - 1]?.();
  }
  expect((await Promise.all(all)).every((result) => result.ok)).toBe(true);
});

test('stopping a file answers at once and ends its work; one that has not begun never begins', async () => {
  const { prepare, taken } = endless();
  const { client, workers } = clientWith({ prepare }, {});
  const [running, waiting] = [new AbortController(), new AbortController()];
  const first = client.prepare(photo(), { ...options, signal: running.signal });
  const second = client.prepare(photo(), { ...options, signal: waiting.signal });
  const third = client.prepare(photo(), options);
  await taken();
  waiting.abort();
  expect(await second).toEqual({ ok: false, error: { type: 'PrepareStopped' } });
  expect(workers[0]?.isEnded).toBe(false);
  running.abort();
  expect(await first).toEqual({ ok: false, error: { type: 'PrepareStopped' } });
  expect(workers[0]?.isEnded).toBe(true);
  expect(await third).toMatchObject({ ok: true });
  expect(prepare).toHaveBeenCalledOnce();
  expect(await client.prepare(photo(), { ...options, signal: AbortSignal.abort() })).toMatchObject({ ok: false });
  expect(workers).toHaveLength(2);
});

test('the worker is ended when nobody adds files, and started again', async () => {
  const { client, workers, pass } = clientWith({});
  await client.prepare(photo(), options);
  await client.prepare(photo(), options);
  expect(workers).toHaveLength(1);
  pass();
  expect(workers[0]?.isEnded).toBe(true);
  expect(await client.prepare(photo(), options)).toMatchObject({ ok: true });
  expect(workers).toHaveLength(2);
});

test('an empty file and one above the limit are refused without a worker', async () => {
  const { client, workers } = clientWith({});
  expect(await client.prepare(new File([], 'a.png'), options)).toEqual({ ok: false, error: { type: 'FileEmpty' } });
  const large = { size: 101_000_000 } as Blob;
  expect(await client.prepare(large, options)).toEqual({
    ok: false,
    error: { type: 'FileTooLarge', bytes: 101_000_000, limitBytes: MAX_BLOB_BYTES },
  });
  const limited = { ...options, limitBytes: 4 };
  expect(await client.prepare(new Blob(['12345']), limited)).toMatchObject({ ok: false, error: { limitBytes: 4 } });
  expect(workers).toHaveLength(0);
  expect(await client.prepare(new Blob(['1234']), limited)).toMatchObject({ ok: true });
});
