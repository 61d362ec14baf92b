/** The page's root: mounts the shell, and when that is seen, builds the app's services and hands them to it. */
import type { App } from '#app/app.ts';
import { startStoreWorker } from '#app/store-worker.ts';
import type { StoreError } from '#core/errors.ts';
import { err, type Result } from '#core/result.ts';
import { AppShell } from '#ui/shell/app-shell.ts';
import { firstFrame } from '#ui/shell/first-frame.ts';

/** In functions: what is loaded here imports this file's chunk, and would wait for a top-level await in it forever. */
async function start(): Promise<void> {
  const shell = new AppShell();
  document.querySelector('#boot')?.replaceWith(shell);
  await firstFrame;
  const app = await openApp();
  if (app.ok) {
    shell.app = app.value;
  } else {
    const { showStartFailure } = await import('#ui/shell/start-failure.ts');
    showStartFailure(shell, app.error);
  }
}

async function openApp(): Promise<Result<App, StoreError>> {
  const spawnStore = startStoreWorker();
  const services = await import('#app/create-app.ts').catch((error: unknown) => String(error));
  if (typeof services === 'string') return err({ type: 'ConnectionLost', reason: `the services did not load: ${services}` });
  return services.createApp(spawnStore);
}

void start();
