/** The browser's offer to install comes once, and is kept until the person asks for it. */
import { expect, test, vi } from 'vitest';
import { watchInstall } from '#app/install.ts';

/** Chromium's event, as far as a page can make it: it is sent by nobody in a headless browser. */
function offer(outcome: 'accepted' | 'dismissed') {
  const prompt = vi.fn(async () => ({ outcome }));
  const event = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), { prompt });
  dispatchEvent(event);
  return { event, prompt };
}

test('an offer is kept for the person’s own click, used once, and made again after a no', async () => {
  const install = watchInstall();
  expect(install.state.value).toBe('unoffered');
  expect(await install.ask()).toBe(false);

  const first = offer('dismissed');
  expect(first.event.defaultPrevented).toBe(true);
  expect(install.state.value).toBe('ready');
  expect(await install.ask()).toBe(false);
  expect(first.prompt).toHaveBeenCalledOnce();
  expect(install.state.value).toBe('unoffered');
  expect(await install.ask()).toBe(false);
  expect(first.prompt).toHaveBeenCalledOnce();

  offer('accepted');
  expect(await install.ask()).toBe(true);
  expect(install.state.value).toBe('installed');
});

test('an installation from the browser’s own menu is noticed', () => {
  const install = watchInstall();
  offer('accepted');
  dispatchEvent(new Event('appinstalled'));
  expect(install.state.value).toBe('installed');
});
