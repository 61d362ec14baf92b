import { html, render } from 'lit';
import type { StoreError } from '#core/errors.ts';
import { errorText } from '#ui/text/error-text.ts';

/** Says in the shell's place why the workspace did not open. Nothing is lost then: what is on the device is still there, and can be downloaded raw. */
export function showStartFailure(shell: Element, error: StoreError): void {
  const { title, advice } = errorText(error);
  const place = document.createElement('div');
  place.className = 'boot';
  shell.replaceWith(place);
  render(
    html`
      <img src="/icon.svg" alt="" width="56" height="56" />
      <h1>Your workspace did not open</h1>
      <p role="alert"><strong>${title}.</strong> ${advice}</p>
      <p><a href="/">Try again</a></p>
      <p><a href="/rescue.html">Open the rescue page</a>, which needs none of the app and downloads what this device holds.</p>
    `,
    place,
  );
}
