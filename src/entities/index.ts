import type { EntityDeclaration, Ledger } from '#core/entity.ts';
import { bulkDeletion } from './bulk-deletion.ts';
import { chat } from './chat.ts';
import { chatDesk } from './chat-desk.ts';
import { commandState } from './command-state.ts';
import { conflict } from './conflict.ts';
import { deviceSettings } from './device-settings.ts';
import { hints } from './hints.ts';
import { layout } from './layout.ts';
import { mergeLog } from './merge-log.ts';
import { message } from './message.ts';
import { note } from './note.ts';
import { secret } from './secret.ts';
import { settings } from './settings.ts';
import { unsentImages } from './unsent-images.ts';

const declarations: readonly EntityDeclaration[] = [
  note,
  chat,
  message,
  chatDesk,
  unsentImages,
  settings,
  deviceSettings,
  secret,
  layout,
  commandState,
  hints,
  conflict,
  mergeLog,
  bulkDeletion,
];

/** Every kind that this version of Holdfast knows. A new kind is one file beside this one and one word in the list above. */
export const ledger: Ledger = new Map(declarations.map((declaration) => [declaration.kind, declaration]));
