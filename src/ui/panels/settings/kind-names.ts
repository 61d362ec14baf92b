/** What a person calls the entities of a kind. A kind of another version goes by its own name. */
const names: { readonly [kind: string]: string } = {
  note: 'Notes',
  chat: 'Chats',
  message: 'Messages',
  settings: 'Settings',
  'device-settings': 'Settings of devices',
  layout: 'Layouts of devices',
  'chat-desk': 'Unsent prompts',
  conflict: 'Conflicts',
  'merge-log': 'Merge log',
  secret: 'Keys',
};

export const kindName = (kind: string): string => (Object.hasOwn(names, kind) ? (names[kind] as string) : kind);
