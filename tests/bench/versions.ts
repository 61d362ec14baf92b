import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const { devDependencies } = JSON.parse(readFileSync(join(process.cwd(), 'package.json'), 'utf8')) as {
  readonly devDependencies: Readonly<Record<string, string>>;
};

/** What a section that compares with the peers names. */
export const peerVersions = (chromium: string): readonly string[] => [
  `Chromium ${chromium}`,
  `Dexie ${devDependencies['dexie']}`,
  `RxDB ${devDependencies['rxdb']}`,
  `PouchDB ${devDependencies['pouchdb']}`,
];
