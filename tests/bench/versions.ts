import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const { dependencies } = JSON.parse(readFileSync(join(process.cwd(), 'tests/bench/peers/package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

/** What a section that compares with the peers names. */
export const peerVersions = (chromium: string): readonly string[] => [
  `Chromium ${chromium}`,
  `Dexie ${dependencies['dexie']}`,
  `RxDB ${dependencies['rxdb']}`,
  `PouchDB ${dependencies['pouchdb']}`,
];
