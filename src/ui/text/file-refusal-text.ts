import type { RefusedFile } from '#app/status/status-service.ts';
import { errorText } from './error-text.ts';

/** Why the server does not take a file, and what helps. */
export interface FileRefusalText {
  readonly why: string;
  readonly advice: string;
}

/** The words for a refused file. What the server itself has said is in them. */
export function fileRefusalText({ error, says }: RefusedFile['refused']): FileRefusalText {
  const quoted = says === '' ? '' : ` It says: “${says}”`;
  switch (error.type) {
    case 'TooLarge':
      return {
        why:
          says === ''
            ? 'It is too large for something between this device and the server.'
            : `It is too large for the server.${quoted}`,
        advice: 'Ask whoever runs the server to allow larger files, or put a smaller version in its place.',
      };
    case 'ServerFull':
      return {
        why: `The server has no room for it.${quoted}`,
        advice: 'Ask whoever runs the server for space, or delete files that you no longer need.',
      };
    case 'Rejected':
      return {
        why: `The server does not take it.${quoted || ` It says: “${error.reason}”`}`,
        advice: 'Try again; if this stays, add the file anew, or ask whoever runs the server.',
      };
    default: {
      const { title, advice } = errorText(error);
      return { why: `${title}.${quoted}`, advice };
    }
  }
}

/** What a file is called where nothing but its media type is known. */
export function fileWord(type: string): string {
  const [group] = type.split('/');
  if (group === 'image') return 'Picture';
  if (group === 'audio') return 'Audio file';
  if (group === 'video') return 'Video';
  if (type === 'application/pdf') return 'PDF';
  return group === 'text' ? 'Text file' : 'File';
}
