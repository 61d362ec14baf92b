/** What a file is, by what is in it: names and media types say what somebody else took it for. */
import type { FileFault, ForeignApp } from '#core/backup-faults.ts';
import { FORMAT } from './head.ts';
import { AGE_MARK } from './passphrase.ts';

export type FileForm = 'json' | 'yaml' | 'zip' | 'age';

/** As much of the beginning of a file is looked at. */
export const SNIFF_BYTES = 64 * 1024;

const ZIP_MARKS = ['PK\u0003\u0004', 'PK\u0005\u0006', 'PK\u0007\u0008'];
/** A tar archive has this at byte 257. */
const TAR_AT = 257;
const SINGLE_BYTES = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));

/** Text of an export that other apps write as one file, and by what it is known. The first that fits is it. */
const APPS: readonly (readonly [ForeignApp, RegExp])[] = [
  ['Claude', /"chat_messages"\s*:/],
  ['LibreChat', /"messagesTree"\s*:|"conversationId"\s*:/],
  ['Open WebUI', /"chat"\s*:\s*\{[\s\S]{0,20000}"(?:history|currentId)"\s*:/],
  ['ChatGPT', /"mapping"\s*:\s*\{|"default_model_slug"\s*:/],
  ['Google Keep', /"userEditedTimestampUsec"\s*:|"textContentHtml"\s*:/],
  ['Evernote', /<en-export|<!DOCTYPE en-export/],
];

/** Front matter by which an app is known; any other is Markdown with front matter. */
const JOPLIN_MATTER = /^(?:created|updated): \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/m;

/** The form of a file that begins with `start`, or why it is none that can be read. */
export function sniffForm(start: Uint8Array): FileForm | FileFault {
  const raw = Array.from(start.subarray(0, 1024), (byte) => SINGLE_BYTES[byte]).join('');
  if (raw === '') return { type: 'EmptyFile' };
  if (raw.startsWith(AGE_MARK)) return 'age';
  if (ZIP_MARKS.some((mark) => raw.startsWith(mark))) return 'zip';
  if (/^(?:\xff\xfe\0\0|\0\0\xfe\xff)/.test(raw)) return { type: 'OtherEncoding', encoding: 'UTF-32' };
  if (/^(?:\xff\xfe|\xfe\xff)|^[{[<\w-]\0|^\0[{[<\w-]/.test(raw)) return { type: 'OtherEncoding', encoding: 'UTF-16' };
  if (raw.startsWith('ustar', TAR_AT))
    return /^[0-9a-f]{32}\.md|^resources\//.test(raw) ? foreign('Joplin') : { type: 'NotText' };
  const text = textOf(start);
  if (text === null) return { type: 'NotText' };
  return sniffText(text);
}

function sniffText(text: string): FileForm | FileFault {
  const trimmed = text.trimStart();
  if (trimmed === '') return { type: 'EmptyFile' };
  const isBackup = text.includes(FORMAT);
  const app = isBackup ? undefined : APPS.find(([, sign]) => sign.test(text))?.[0];
  if (app) return foreign(app);
  if (/^<(?:!doctype html|html|head|body)/i.test(trimmed)) return { type: 'WebPage' };
  if (trimmed.startsWith('{')) return 'json';
  if (trimmed.startsWith('[')) return { type: 'NotABackup' };
  // Also one whose head an editor has moved behind its records.
  if (/^(?:format|["']?kind["']?): *\S/m.test(text)) return 'yaml';
  if (/^---\r?\n[\s\S]*?\n---\r?\n/.test(trimmed)) return foreign(JOPLIN_MATTER.test(trimmed) ? 'Joplin' : 'Markdown');
  return { type: 'NotABackup' };
}

/** The app that an archive with these paths comes from; null where none is known by them. */
export function sniffArchive(paths: readonly string[]): ForeignApp | null {
  const has = (sign: RegExp): boolean => paths.some((path) => sign.test(path));
  if (has(/(?:^|\/)Keep\/[^/]+\.(?:json|html)$/)) return 'Google Keep';
  if (has(/(?:^|\/)\.obsidian\//)) return 'Obsidian';
  if (has(/(?:^|\/)(?:chat\.html|conversations-\d+\.json|message_feedback\.json)$/)) return 'ChatGPT';
  if (has(/-Part-\d+\.zip$/) || has(/ [0-9a-f]{32}(?:_all)?(?:\.md|\.csv|\.html|\/)/)) return 'Notion';
  if (has(/(?:^|\/)[0-9a-f]{32}\.md$/)) return 'Joplin';
  if (has(/\.enex$/)) return 'Evernote';
  if (has(/(?:^|\/)(?:projects|users)\.json$/) && has(/(?:^|\/)conversations\.json$/)) return 'Claude';
  return has(/\.(?:md|markdown)$/) ? 'Markdown' : null;
}

const foreign = (app: ForeignApp): FileFault => ({ type: 'ForeignFile', app });

/** The text that some bytes begin with: a sign that was cut in half at their end is none of them. Null where they are no text. */
function textOf(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: text has none of these.
    return /[\u0000-\u0008\u000e-\u001a]/.test(text) ? null : text;
  } catch {
    return null;
  }
}
