/** The page's root: builds the app's services and mounts the shell. */
import { createApp } from '#app/create-app.ts';
import { AppShell } from '#ui/app-shell.ts';

const boot = document.querySelector('#boot');
const app = await createApp();

if (app.ok) {
  const shell = new AppShell();
  shell.app = app.value;
  boot?.replaceWith(shell);
} else if (boot) {
  const { showStartFailure } = await import('#ui/start-failure.ts');
  showStartFailure(boot, app.error);
}
