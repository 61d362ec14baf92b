import type { ChatError } from '#features/chat/chat-error.ts';
import { errorText } from './error-text.ts';
import type { ErrorText } from './error-types.ts';

/** What a person reads of a failed answer, and the next step. */
export type ChatErrorText = Pick<ErrorText, 'title' | 'advice'> & {
  /** The settings of the model server are the place to go. */
  readonly settings: boolean;
};

type OwnError = Exclude<ChatError, Parameters<typeof errorText>[0]>;
type Texts = { readonly [T in OwnError['type']]: (error: Extract<OwnError, { readonly type: T }>) => ChatErrorText };

/** The server's own words, as one sentence: a full stop of theirs would come before ours. */
function said(message: string): string {
  const words = message.trim().replace(/\.$/, '');
  return words === '' ? '' : ` It says: “${words}”.`;
}

const codePoint = (sign: string): string => `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

const badKey: { readonly [R in Extract<ChatError, { type: 'BadKey' }>['reason']]: (found: string) => string } = {
  empty: () => 'There is nothing in it.',
  space: () => 'It has a space or a second entry in it.',
  // Many look like one that a key may have.
  character: (found) => `It has “${found}” (${codePoint(found)}) in it, which no request can carry.`,
  hidden: () => 'A part of it is hidden by dots or stars.',
  address: () => 'It is an address.',
};

const texts: Texts = {
  BadEndpoint: ({ endpoint }) => ({
    title: 'This is not an address',
    advice: `“${endpoint}” cannot be opened. Write it like http://localhost:11434/v1 or https://api.example.com/v1.`,
    settings: true,
  }),
  InsecureEndpoint: ({ origin }) => ({
    title: 'The browser blocks this address',
    advice: `${origin} is plain http on another machine: a page may not mix it in, and a key would travel readable. Use https there, or a tunnel to localhost.`,
    settings: true,
  }),
  KeyForOtherOrigin: ({ keyOrigin, origin }) => ({
    title: 'The key belongs to another address',
    advice: `It was entered for ${keyOrigin} and is not sent to ${origin}. Enter the key for this address, or remove it if none is needed.`,
    settings: true,
  }),
  KeyUnreadable: () => ({
    title: 'The key cannot be opened',
    advice: 'The browser no longer has what it was encrypted with. Enter the key again.',
    settings: true,
  }),
  BadKey: ({ reason, found }) => ({
    title: 'This cannot be a key',
    advice: `${badKey[reason](found)} Copy the key again from the page of your model server, whole and alone.`,
    settings: true,
  }),
  WrongKey: ({ origin, hasKey, message }) => ({
    title: hasKey ? 'The key is not accepted' : 'A key is needed',
    advice: hasKey
      ? `${origin} refuses the key.${said(message)} Check that it is whole and still valid, and enter it again.`
      : `${origin} wants a key.${said(message)} Enter it under Model server.`,
    settings: true,
  }),
  Unreachable: ({ origin }) => ({
    title: 'Nothing answers at this address',
    advice: `${origin} cannot be reached. Is the server running, and are host and port right? If the browser asks for access to devices of the local network, allow it.`,
    settings: true,
  }),
  Offline: () => ({
    title: 'This device is offline',
    advice: 'The prompt waits here and is asked when the network returns.',
    settings: false,
  }),
  CorsRefused: ({ origin, pageOrigin }) => ({
    title: 'The server does not allow this page (CORS)',
    advice: `${origin} answers, but does not let ${pageOrigin} read it. Allow this origin there; for Ollama, start it with OLLAMA_ORIGINS=${pageOrigin}`,
    settings: true,
  }),
  NotCompatible: ({ origin, detail }) => ({
    title: 'This is no OpenAI-compatible server',
    advice: `${origin} answers something else (${detail}). Check the path: most servers want /v1 at its end.`,
    settings: true,
  }),
  NoModel: () => ({
    title: 'There is no model',
    advice: 'The server offers none that answers prompts. Install one there, or write a model’s name in the settings.',
    settings: true,
  }),
  ModelUnknown: ({ model, message }) => ({
    title: 'The server does not have this model',
    advice: `It does not know “${model}”.${said(message)} Choose another model, or install this one there.`,
    settings: true,
  }),
  NoCredit: ({ message }) => ({
    title: 'The account at the server has no credit left',
    advice: `Your prompt is kept.${said(message)} Add credit there, or choose another model or server.`,
    settings: true,
  }),
  TooManyRequests: ({ retryAfterMs, message }) => ({
    title: 'The server asks for a pause',
    advice: `It has had too many requests.${said(message)} ${
      retryAfterMs === null ? 'Try again later.' : `Try again in ${Math.max(1, Math.ceil(retryAfterMs / 1000))} seconds.`
    }`,
    settings: false,
  }),
  ProviderFailed: ({ status, message }) => ({
    title: `The server has a problem (${status})`,
    advice: `Your prompt is kept.${said(message)} Try again in a moment.`,
    settings: false,
  }),
  PromptRefused: ({ status, message }) => ({
    title: `The server refused the request (${status})`,
    advice: `Your prompt is kept.${said(message)} Edit and resend it, or choose another model.`,
    settings: false,
  }),
  AnswerFailed: ({ message }) => ({
    title: 'The model failed while it answered',
    advice: `What came is kept.${said(message)} Try again.`,
    settings: false,
  }),
  CutOff: () => ({
    title: 'The answer was cut off',
    advice: 'The connection ended before the answer did. What came is kept; try again.',
    settings: false,
  }),
  Stalled: () => ({
    title: 'The model fell silent',
    advice: 'Nothing came for five minutes. What came is kept; try again.',
    settings: false,
  }),
  AttachmentMissing: ({ name }) => ({
    title: `${name || 'A file of this prompt'} is not on this device`,
    advice: 'Your prompt is kept. Let the device that added the file sync, then try again; or ask where the file is.',
    settings: false,
  }),
  AskFailed: ({ reason }) => ({
    title: 'Asking failed',
    advice: `This is a fault of the app (${reason}). Your prompt is kept; try again, and reload the page if it repeats.`,
    settings: false,
  }),
  Stopped: () => ({ title: 'Stopped', advice: 'What came is kept.', settings: false }),
};

/** The words for a failed answer. A failure of a newer version's kind, which may come from another device, gets general ones. */
export function chatErrorText(error: ChatError): ChatErrorText {
  const own = Object.hasOwn(texts, error.type)
    ? (texts[error.type as OwnError['type']] as (error: ChatError) => ChatErrorText)
    : null;
  if (own) return own(error);
  try {
    return { ...errorText(error as Parameters<typeof errorText>[0]), settings: false };
  } catch {
    return { title: 'The answer failed', advice: 'Try again.', settings: false };
  }
}
