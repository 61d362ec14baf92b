import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { PullAnswer, PushAnswer } from '#core/protocol.ts';
import type { Storage } from './storage/storage.ts';

/** Numbers for Prometheus. No label ever holds an account, a device or anything that a person wrote. */
export interface Metrics {
  readonly registry: Registry;
  countRequest(labels: { readonly method: string; readonly route: string; readonly status: number }, seconds: number): void;
  countPush(answer: PushAnswer): void;
  countPull(answer: PullAnswer): void;
  countDamaged(versions: number): void;
  /** The same storage, with the time of its transactions observed, the wait for their turn included. */
  measure(storage: Storage): Storage;
}

const SECONDS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];

export function createMetrics(openStreams: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'holdfast_requests_total',
    help: 'Answers by route and status.',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const requestSeconds = new Histogram({
    name: 'holdfast_request_seconds',
    help: 'Time from request to answer.',
    labelNames: ['route'],
    buckets: SECONDS,
    registers,
  });
  const ops = new Counter({ name: 'holdfast_push_ops_total', help: 'Pushed ops by result.', labelNames: ['result'], registers });
  const changes = new Counter({ name: 'holdfast_pull_changes_total', help: 'Changes given to devices.', registers });
  const damaged = new Counter({
    name: 'holdfast_damaged_versions_total',
    help: 'Stored versions found not to match their hash, each counted once by a process.',
    registers,
  });
  const storageSeconds = new Histogram({
    name: 'holdfast_storage_seconds',
    help: 'Time of database transactions.',
    labelNames: ['mode', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  new Gauge({
    name: 'holdfast_event_streams',
    help: 'Open event streams.',
    registers,
    collect() {
      this.set(openStreams());
    },
  });

  return {
    registry,
    countRequest({ method, route, status }, seconds) {
      requests.inc({ method, route, status });
      requestSeconds.observe({ route }, seconds);
    },
    countPush(answer) {
      for (const result of answer.results) ops.inc({ result: result.type === 'rejected' ? result.reason : result.type });
    },
    countPull(answer) {
      changes.inc(answer.changes.length);
    },
    countDamaged(versions) {
      damaged.inc(versions);
    },
    measure(storage) {
      const timed = async <T extends { readonly ok: boolean }>(mode: string, run: () => Promise<T>): Promise<T> => {
        const end = storageSeconds.startTimer({ mode });
        try {
          const result = await run();
          end({ outcome: result.ok ? 'ok' : 'refused' });
          return result;
        } catch (error) {
          end({ outcome: 'failed' });
          throw error;
        }
      };
      return {
        ...storage,
        read: (body) => timed('read', () => storage.read(body)),
        write: (accountId, body) => timed('write', () => storage.write(accountId, body)),
      };
    },
  };
}
