/** The first-run hints: few, one at a time, and gone forever once put away. */
import { documentNouns } from '#entities/documents.ts';
import { isMac, keyNames } from '#ui/text/key-names.ts';
import { keysOf } from './shortcuts.ts';

export interface Hint {
  readonly id: string;
  readonly text: string;
  readonly isDue: (moment: HintMoment) => boolean;
}

export interface HintMoment {
  readonly hasSaved: boolean;
  readonly openTabs: number;
  /** The palette has been used on this device. */
  readonly knowsPalette: boolean;
  readonly dismissed: ReadonlySet<string>;
}

const keys = (command: string): string => keyNames(keysOf(command) ?? '').join(isMac ? '' : '+');

const hints: readonly Hint[] = [
  {
    id: 'palette',
    text: `${keys('palette')} finds every ${documentNouns('one')} by name, and every command.`,
    isDue: ({ hasSaved, knowsPalette }) => hasSaved && !knowsPalette,
  },
  {
    id: 'tabs',
    text: `Tabs stay open until you close them. Drag them into order; ${keys('reopen-tab')} brings a closed one back.`,
    isDue: ({ openTabs }) => openTabs >= 3,
  },
  {
    id: 'shortcuts',
    text: 'The key ? shows all keyboard shortcuts.',
    isDue: ({ hasSaved, knowsPalette, dismissed }) => hasSaved && (knowsPalette || dismissed.has('palette')),
  },
];

/** The hint for this moment, if there is one that the person has not put away. */
export function hintFor(moment: HintMoment): Hint | undefined {
  return hints.find(({ id, isDue }) => !moment.dismissed.has(id) && isDue(moment));
}
