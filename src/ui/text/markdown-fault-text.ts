/** What is wrong with the files of a folder of Markdown, in words. */
import type { MarkdownFault } from '#core/markdown-faults.ts';
import { kindPlural } from '#entities/kind-names.ts';
import { byteText } from './byte-text.ts';

type Texts = { readonly [T in MarkdownFault['type']]: (fault: Extract<MarkdownFault, { readonly type: T }>) => string };

const texts: Texts = {
  Unreadable: ({ reason }) => `It could not be read and is left out (${reason}). Copy it again, or take it out of the folder.`,
  NotUtf8: () => 'It is not in UTF-8 and is left out. Save it as UTF-8 in an editor, and bring the folder again.',
  DocumentTooLarge: ({ limitBytes }) => `It is larger than ${byteText(limitBytes)} and is left out. Divide it.`,
  BadFrontMatter: ({ reason, line }) =>
    `The lines between its dashes cannot be read (line ${line}: ${reason}). They stay in the text.`,
  OtherKind: ({ kind }) => `${kindPlural(kind)} do not come back from Markdown. A backup has them.`,
  SameId: ({ other }) => `It has the id of ${other}, and becomes a document of its own.`,
  MissingFile: ({ target }) => `${target} is not in the folder. The link stays as it is.`,
  FileTooLarge: ({ target, limitBytes }) => `${target} is larger than ${byteText(limitBytes)} and stays out.`,
  WrongBytes: () =>
    'It was changed after Holdfast had written it, and stays out. Give it another name, and link to that, to bring it as it is now.',
  NotNamed: () => 'No document shows or links to it: it stays out.',
};

export const markdownFaultText = (fault: MarkdownFault): string => (texts[fault.type] as (fault: MarkdownFault) => string)(fault);
