import type { RefusedFile } from '#app/status/status-service.ts';
import type { HoldfastError, SyncError } from '#core/errors.ts';
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

/** The words for what keeps every file from the server, while words pass. */
export function filesHeldUpText(error: SyncError): FileRefusalText {
  const stay = 'The files stay here, whole, and are tried again by themselves.';
  switch (error.type) {
    case 'ServerError':
      return {
        why: `The server cannot take files now (${error.status})`,
        advice: `${stay} If this stays, tell whoever runs the server: its place for pictures and files may be down or full.`,
      };
    case 'TooLarge':
      return {
        why: 'Files are refused as too large on their way',
        advice: `${stay} Tell whoever runs the server: it, or what is in front of it, has to allow larger requests.`,
      };
    case 'ServerFull':
      return {
        why: 'The server has no room for files',
        advice: `${stay} Ask whoever runs the server for space, or delete files that you no longer need.`,
      };
    case 'Rejected':
      return {
        why: `The server does not take files (${error.status})`,
        advice: `${stay} It says: “${error.reason}”. If this stays, tell whoever runs the server.`,
      };
    case 'Network':
      return {
        why: 'Files do not get through to the server',
        advice: `${stay} Words pass, so something on the way may hold back large requests: try another network, or tell whoever runs the server.`,
      };
    default: {
      const { title, advice } = errorText(error);
      return { why: title, advice };
    }
  }
}

/** The words for a file that is not on this device and could not be fetched. */
export function fileAwayText(error: HoldfastError): FileRefusalText {
  if (error.type === 'Network')
    return {
      why: 'It is not on this device, and the server cannot be reached',
      advice: 'It comes by itself when the connection is back.',
    };
  const { title, advice } = errorText(error);
  return { why: title, advice };
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
