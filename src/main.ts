/** The page's root: mounts the shell, builds the app's services, and hands them to it. */
import { createApp } from '#app/create-app.ts';
import { AppShell } from '#ui/app-shell.ts';

const shell = new AppShell();
document.querySelector('#boot')?.replaceWith(shell);
const app = await createApp();

if (app.ok) {
  shell.app = app.value;
} else {
  const { showStartFailure } = await import('#ui/start-failure.ts');
  showStartFailure(shell, app.error);
}
