import type { Notice } from '#ui/shell/shell.ts';
import { errorText } from '#ui/text/error-text.ts';
import type { UiError } from '#ui/text/error-types.ts';

/** The message after an attempt that failed. `what` says what has not happened: "Not moved". */
export const failureNotice = (what: string, error: UiError): Notice => ({
  text: `${what}: ${errorText(error).title}`,
  tone: 'bad',
});
