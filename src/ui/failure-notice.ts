import { errorText, type UiError } from './error-text.ts';
import type { Notice } from './shell.ts';

/** The message after an attempt that failed. `what` says what has not happened: "Not moved". */
export const failureNotice = (what: string, error: UiError): Notice => ({
  text: `${what}: ${errorText(error).title}`,
  tone: 'bad',
});
