/** The page's root: builds the app's services and mounts the shell. */
import { createApp } from '#app/create-app.ts';
import { AppShell } from '#ui/app-shell.ts';
import { homePath, panelOf } from '#ui/panels/index.ts';
import { parsePath } from '#ui/router.ts';

const boot = document.querySelector('#boot');
// The panel's code comes while the store opens. Where that fails, the panel's own place says so and offers another try.
const { panel } = parsePath(location.pathname === '/' ? homePath : location.pathname);
panelOf(panel)
  ?.load()
  .catch(() => {});
const app = await createApp();

if (app.ok) {
  const shell = new AppShell();
  shell.app = app.value;
  boot?.replaceWith(shell);
} else if (boot) {
  const { showStartFailure } = await import('#ui/start-failure.ts');
  showStartFailure(boot, app.error);
}
