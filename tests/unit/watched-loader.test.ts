/** What an element reads and follows while it is in the page. */
import type { ReactiveController } from 'lit';
import { expect, test } from 'vitest';
import type { App } from '#app/app.ts';
import { ok } from '#core/result.ts';
import { watchedLoader } from '#ui/controllers/watched-loader.ts';

function createHost() {
  const controllers: ReactiveController[] = [];
  let updates = 0;
  const host = {
    isConnected: false,
    addController: (controller: ReactiveController) => void controllers.push(controller),
    removeController: () => {},
    updateComplete: Promise.resolve(true),
    requestUpdate() {
      updates += 1;
    },
  };
  return {
    host,
    updates: () => updates,
    connect() {
      host.isConnected = true;
      for (const one of controllers) one.hostConnected?.();
    },
    render() {
      for (const one of controllers) one.hostUpdate?.();
    },
    disconnect() {
      host.isConnected = false;
      for (const one of controllers) one.hostDisconnected?.();
    },
  };
}

test('an element that has left the page and renders once more follows nothing again', async () => {
  const { host, updates, connect, render, disconnect } = createHost();
  let reads = 0;
  const followed = new Set<() => void>();
  const loader = watchedLoader(
    host,
    () => ({}) as App,
    async () => ok(++reads),
    (_, reload) => {
      followed.add(reload);
      return [() => followed.delete(reload)];
    },
  );
  connect();
  render();
  render();
  await expect.poll(() => loader.state).toEqual({ type: 'ready', value: 1 });
  for (const reload of followed) reload();
  await expect.poll(() => loader.state).toEqual({ type: 'ready', value: 2 });
  expect(updates()).toBe(3);

  disconnect();
  render();
  expect({ reads, followed: followed.size }).toEqual({ reads: 2, followed: 0 });

  connect();
  render();
  expect({ reads, followed: followed.size }).toEqual({ reads: 3, followed: 1 });
});
