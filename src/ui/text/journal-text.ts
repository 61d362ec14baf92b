import type { KvError } from '#core/errors.ts';
import { errorText } from './error-text.ts';

/** In the status bar, where the last words before the tab ends may not be kept. */
export const JOURNAL_WORD = 'Wait for “Saved” before you close';

/** What that means, and what to do. */
export const journalAdvice = (error: KvError): string =>
  `Saving works. Only words that you type in the last moment before you close this tab may not be kept, because the browser does not open the journal for them (${errorText(error).title}). Wait for “Saved” before you close. Holdfast goes on trying to open it.`;
