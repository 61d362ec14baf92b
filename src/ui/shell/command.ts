import type { App } from '#app/app.ts';
import type { IconName } from '#ui/parts/icon.ts';
import type { Shell } from './shell.ts';

/** What a command works on. */
export interface World {
  readonly app: App;
  readonly shell: Shell;
}

export const groups = ['Make', 'Go to', 'Document', 'Text', 'Tabs', 'View', 'Settings', 'Help'] as const;

export interface Command {
  readonly id: string;
  /** What it does, as a person would say it: "New note". */
  readonly label: string;
  readonly group: (typeof groups)[number];
  readonly icon: IconName;
  /** Other words that it is found by. */
  readonly words?: string;
  /** Absent: always. */
  readonly isOffered?: (world: World) => boolean;
  readonly run: (world: World) => void | Promise<void>;
}
