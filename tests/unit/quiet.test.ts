import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSource } from '#app/observable.ts';
import { ok } from '#core/result.ts';
import { liveList } from '#ui/controllers/live-list.ts';
import { createLoader } from '#ui/controllers/loaded.ts';
import { quietTimer } from '#ui/controllers/quiet-timer.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('many changes close together are answered once, in the pause after them', () => {
  const act = vi.fn();
  const timer = quietTimer({ quietMs: 100, withinMs: 1000 }, act);
  for (let n = 0; n < 5; n++) {
    timer.note();
    vi.advanceTimersByTime(50);
  }
  expect(act).not.toHaveBeenCalled();
  vi.advanceTimersByTime(5000);
  expect(act).toHaveBeenCalledTimes(1);
  timer.note();
  timer.cancel();
  vi.advanceTimersByTime(5000);
  expect(act).toHaveBeenCalledTimes(1);
});

test('a list is read again while changes go on without a pause', async () => {
  let changed: (keys: null) => void = () => {};
  let update: () => void = () => {};
  const app = {
    onChange(listener: typeof changed) {
      changed = listener;
      return () => {};
    },
    syncState: createSource(null),
  };
  const read = vi.fn(async () => ok(1));
  const host = {
    requestUpdate: () => {},
    addController: (controller: { hostUpdate?: () => void }) => {
      update = () => controller.hostUpdate?.();
    },
  };
  liveList(host as never, () => app as never, read);
  update();
  await vi.advanceTimersByTimeAsync(500);
  const atStart = read.mock.calls.length;
  for (let n = 0; n < 50; n++) {
    changed(null);
    await vi.advanceTimersByTimeAsync(100);
  }
  const meanwhile = read.mock.calls.length - atStart;
  expect(meanwhile).toBeGreaterThanOrEqual(4);
  expect(meanwhile).toBeLessThanOrEqual(6);
});

test('a reading that takes longer than the next one waits is shown, unless a later one was shown before it', async () => {
  const answers: ((value: number) => void)[] = [];
  const host = { requestUpdate: () => {}, addController: () => {} };
  const loader = createLoader(host as never, async () => ok(await new Promise<number>((resolve) => answers.push(resolve))));
  const runs = [loader.reload(), loader.reload(), loader.reload()];
  answers[0]?.(1);
  await runs[0];
  expect(loader.state).toEqual({ type: 'ready', value: 1 });
  answers[2]?.(3);
  await runs[2];
  answers[1]?.(2);
  await runs[1];
  expect(loader.state).toEqual({ type: 'ready', value: 3 });
});
