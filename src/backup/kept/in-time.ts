/** Calls on a folder that the person has picked: a drive that has gone, or a question that nobody sees, keeps nobody waiting. */
import type { Clock } from '#core/ports.ts';
import { Failure, toPlaceFailure } from './failure.ts';

/** A call that waits for a question nobody sees never ends by itself. */
const DEADLINE_MS = 30_000;
/** A slow disk or stick still takes so many bytes in a second. */
const SLOW_BYTES = 200_000;

/** The answer of a call that moves so many bytes, or a `Failure` where it has not come in time. */
export type InTime = <V>(call: () => Promise<V>, bytes?: number) => Promise<V>;

export function createInTime(clock: Pick<Clock, 'setTimer'>, deadlineMs = DEADLINE_MS): InTime {
  return async (call, bytes = 0) => {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const cancel = clock.setTimer(deadlineMs + (bytes / SLOW_BYTES) * 1000, () =>
      reject(new Failure({ type: 'PlaceFailed', reason: 'the folder did not answer' })),
    );
    try {
      return await Promise.race([call(), late]);
    } catch (error) {
      throw toPlaceFailure(error);
    } finally {
      cancel();
    }
  };
}

/** The same file; whoever reads its bytes waits no longer than `inTime` does. */
export function readInTime(file: File, inTime: InTime): File {
  const { arrayBuffer, text, stream } = file;
  return Object.assign(file, {
    arrayBuffer: () => inTime(() => arrayBuffer.call(file), file.size),
    text: () => inTime(() => text.call(file), file.size),
    stream() {
      const reader = stream.call(file).getReader();
      return new ReadableStream({
        async pull(controller) {
          const { done, value } = await inTime(() => reader.read());
          if (done) controller.close();
          else controller.enqueue(value);
        },
        cancel: (reason) => reader.cancel(reason),
      });
    },
  });
}
