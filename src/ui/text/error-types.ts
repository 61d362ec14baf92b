/** What the words of errors are made for, and what they say. */
import type { HoldfastError } from '#core/errors.ts';
import type { FileError, PictureNotice } from '#features/pictures/file-error.ts';

/** What a person can do about an error where it is shown. */
export type ErrorAction = 'retry' | 'reload' | 'sign-in' | 'storage' | 'rescue' | 'decide-deletions' | 'quarantine' | 'none';

/** Every failure that a panel can meet: the core's, and those of files and forms. */
export type UiError =
  | HoldfastError
  | FileError
  | PictureNotice
  | { readonly type: 'BadCode'; readonly reason: string }
  | { readonly type: 'NotConfirmed'; readonly word: string }
  | { readonly type: 'NameTaken' }
  | { readonly type: 'NameTooLong'; readonly most: number }
  | { readonly type: 'WrongPassword' };

export interface ErrorText {
  /** What happened, in a few words: fits the status bar. */
  readonly title: string;
  /** What it means for the work, and the next step. */
  readonly advice: string;
  readonly action: ErrorAction;
}

/** The words of each failure. */
export type ErrorTexts = { readonly [T in UiError['type']]: (error: Extract<UiError, { readonly type: T }>) => ErrorText };
