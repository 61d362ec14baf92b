import { defineEntity } from '#core/entity.ts';
import { flag, json, string } from '#core/fields.ts';

/** What one device remembers of its command palette. The entity's id is the device's id. */
export const commandState = defineEntity({
  kind: 'command-state',
  version: 1,
  scope: 'device',
  nouns: { one: 'memory of the commands', many: 'command memory' },
  comesAlong: true,
  counts: 'none',
  wordless: true,
  fields: {
    /** What was chosen, newest first: `{ command }` or `{ panel, id }`, each once. */
    history: json([]),
    /** Id of the command that ran last. */
    lastCommand: string(''),
    /** What was typed into the palette and not yet run. */
    unsentText: string(''),
    /** Whether the single key ? opens the shortcut sheet (WCAG 2.1.4 asks for a way to switch such keys off). */
    singleKeys: flag(true),
  },
  migrations: {},
  title: () => 'Command palette',
  sample: () => ({
    history: [{ command: 'new-note' }, { panel: 'notes', id: '0198c0de-0000-7000-8000-00000000a001' }],
    lastCommand: 'new-note',
    unsentText: 'light rea',
    singleKeys: false,
  }),
});
