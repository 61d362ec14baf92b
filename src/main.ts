/** The page's root: builds the app's services and mounts the shell. */
import { createApp } from '#app/create-app.ts';
import { AppShell } from '#ui/app-shell.ts';
import { homePath, panelOf } from '#ui/panels/index.ts';

const boot = document.querySelector('#boot');
// The panel's code comes while the store opens. Where that fails, the panel's own place says so and offers another try.
const [, first] = (location.pathname === '/' ? homePath : location.pathname).split('/');
panelOf(first ?? '')
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
