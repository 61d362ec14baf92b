import type { StoreError } from '#core/errors.ts';

/** Why a model did not answer, or only in part. Plain data: kept in the message that it happened to. */
export type ChatError =
  | StoreError
  /** This page came over plain http from another machine: the browser opens no key there. */
  | { readonly type: 'NeedsHttps' }
  /** The address in the settings is none. */
  | { readonly type: 'BadEndpoint'; readonly endpoint: string }
  /** Plain http to another machine: the browser blocks it, and a key would travel in the open. */
  | { readonly type: 'InsecureEndpoint'; readonly origin: string }
  /** The stored key belongs to another origin, and is never sent to this one. */
  | { readonly type: 'KeyForOtherOrigin'; readonly keyOrigin: string; readonly origin: string }
  /** The key cannot be opened on this device: its box was made with a key that is gone. */
  | { readonly type: 'KeyUnreadable' }
  /** What was entered as a key is none, or no request can carry it. `found`: the character that is in the way. */
  | {
      readonly type: 'BadKey';
      readonly reason: 'empty' | 'space' | 'character' | 'hidden' | 'address';
      readonly found: string;
    }
  | { readonly type: 'WrongKey'; readonly origin: string; readonly hasKey: boolean; readonly message: string }
  /** No answer, with the network up: nothing listens there, or the address is wrong. */
  | { readonly type: 'Unreachable'; readonly origin: string }
  /** This device has no network. */
  | { readonly type: 'Offline' }
  /** Something listens there, but does not let this page's origin read its answers (CORS). */
  | { readonly type: 'CorsRefused'; readonly origin: string; readonly pageOrigin: string }
  | { readonly type: 'NotCompatible'; readonly origin: string; readonly detail: string }
  | { readonly type: 'NoModel' }
  | { readonly type: 'ModelUnknown'; readonly model: string; readonly message: string }
  /** The account at the server is not paid for, or its quota is used up: waiting does not help. */
  | { readonly type: 'NoCredit'; readonly message: string }
  | { readonly type: 'TooManyRequests'; readonly retryAfterMs: number | null; readonly message: string }
  | { readonly type: 'ProviderFailed'; readonly status: number; readonly message: string }
  | { readonly type: 'PromptRefused'; readonly status: number; readonly message: string }
  /** An error object in the middle of the answer. */
  | { readonly type: 'AnswerFailed'; readonly message: string }
  /** The answer ended without its end. */
  | { readonly type: 'CutOff' }
  /** Nothing came for `STALL_MS`. */
  | { readonly type: 'Stalled' }
  /** A file of the prompt is not on this device, and could not be had. */
  | { readonly type: 'AttachmentMissing'; readonly name: string }
  /** A fault of the app itself while it asked. */
  | { readonly type: 'AskFailed'; readonly reason: string }
  /** The person's word. */
  | { readonly type: 'Stopped' };
