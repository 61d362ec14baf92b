import type { Fields, FieldsOf, Ledger } from '#core/entity.ts';
import { bulkDeletion } from './bulk-deletion.ts';
import { bulkRestore } from './bulk-restore.ts';
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

const declarations = [
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
  bulkRestore,
] as const;

/** Every kind that this version of Holdfast knows. A new kind is one file beside this one and one word in the list above. */
export const ledger: Ledger = new Map(declarations.map((declaration) => [declaration.kind, declaration]));

type Declared = (typeof declarations)[number];

/** A kind of the ledger. */
export type Kind = Declared['kind'];

/** The fields of a kind by its name; of one that the ledger does not name, whatever is stored. */
export type FieldsOfKind<K extends string> = K extends Kind ? FieldsOf<Extract<Declared, { readonly kind: K }>> : Fields;

/** A change to some fields of a kind. */
export type PatchOfKind<K extends string> = K extends Kind ? Partial<FieldsOfKind<K>> : Fields;
