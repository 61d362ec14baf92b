/**
 * Proves that the rules of the house bite: biome runs, with the project's own configuration, over a folder of one-line
 * files, each of which breaks one rule. A rule that no longer bites fails here by name.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = process.cwd();
const BIOME = join(ROOT, 'node_modules/.bin/biome');

/** By room: a file in it, what it must not import, and what it may. */
const ARROWS: readonly { readonly file: string; readonly never: readonly string[]; readonly may: readonly string[] }[] = [
  {
    file: 'src/core/probe.ts',
    never: [
      '#entities/note.ts',
      '#store/store.ts',
      '#sync/drain.ts',
      '#ui/shell/app-shell.ts',
      '#server/app.ts',
      'idb',
      'lit',
      'comlink',
      'node:fs',
    ],
    may: ['./clock.ts', '#core/clock.ts', 'valibot', '@noble/hashes/sha2.js', 'node-diff3', 'diff'],
  },
  {
    file: 'src/entities/probe.ts',
    never: ['#store/store.ts', '#ui/shell/app-shell.ts', '#sync/drain.ts', 'lit', 'idb'],
    may: ['./note.ts', '#core/entity.ts'],
  },
  {
    file: 'src/sync/probe.ts',
    never: [
      '#entities/index.ts',
      '#store/store.ts',
      '#app/app.ts',
      '#ui/shell/app-shell.ts',
      'idb',
      'workbox-background-sync',
      'lit',
      'node:fs',
    ],
    may: ['./drain.ts', '#core/protocol.ts', 'valibot'],
  },
  {
    file: 'src/platform/probe.ts',
    never: ['#entities/index.ts', '#store/store.ts', '#app/app.ts', '#ui/shell/app-shell.ts', 'idb', 'lit', 'node:fs'],
    may: ['./system.ts', '#core/ports.ts'],
  },
  {
    file: 'src/crypto/probe.ts',
    never: ['#entities/index.ts', '#store/store.ts', '#ui/shell/app-shell.ts', 'idb', 'lit', 'node:crypto'],
    may: ['#core/json.ts', '@noble/hashes/sha2.js', '@scure/bip39'],
  },
  {
    file: 'src/store/probe.ts',
    never: [
      '#sync/drain.ts',
      '#ui/shell/app-shell.ts',
      '#app/app.ts',
      '#workers/store.worker.ts',
      'lit',
      'workbox-background-sync',
      'node:fs',
    ],
    may: ['#core/ports.ts', '#entities/index.ts', 'idb', 'idb-keyval', 'comlink', '#workers/store.worker.ts?worker&url'],
  },
  {
    file: 'src/store/kv/probe.ts',
    never: ['#entities/index.ts', '#store/schema/schema.ts', '#store/store.ts', '#store/save/commit-save.ts'],
    may: ['#core/ports.ts', './db.ts', 'idb', 'idb-keyval'],
  },
  {
    file: 'src/store/schema/probe.ts',
    never: ['#store/draft/draft.ts', '#store/save/commit-save.ts', '#store/sync/incoming.ts', '#store/workspace.ts'],
    may: ['#core/ports.ts', '#entities/index.ts', '#store/kv/db.ts', '#store/store.ts'],
  },
  {
    file: 'src/store/draft/probe.ts',
    never: ['#store/save/commit-save.ts', '#store/sync/incoming.ts', '#store/accounts/registry.ts'],
    may: ['#store/schema/schema.ts', '#store/store.ts'],
  },
  {
    file: 'src/store/blobs/probe.ts',
    never: [
      '#store/draft/draft.ts',
      '#store/save/commit-save.ts',
      '#store/sync/incoming.ts',
      '#store/accounts/registry.ts',
      '#store/store.ts',
    ],
    may: ['#core/blobs.ts', '#store/schema/schema.ts', '#store/kv/opfs.ts', '#store/blob-store.ts'],
  },
  {
    file: 'src/store/save/probe.ts',
    never: ['#store/sync/incoming.ts', '#store/accounts/registry.ts', '#store/calls/store-client.ts'],
    may: ['#store/schema/schema.ts', '#store/draft/draft.ts', '#store/kv/db.ts'],
  },
  {
    file: 'src/store/sync/probe.ts',
    never: ['#store/save/commit-save.ts', '#store/accounts/registry.ts', '#store/calls/store-client.ts'],
    may: ['#store/schema/schema.ts', '#store/draft/draft.ts'],
  },
  {
    file: 'src/backup/probe.ts',
    never: ['#store/outbox.ts', '#ui/shell/app-shell.ts', '#app/app.ts', 'idb', 'lit', 'node:fs'],
    may: ['#core/json.ts', '#entities/index.ts', '#crypto/secret-box.ts', '#store/reader.ts'],
  },
  {
    file: 'src/features/markdown/probe.ts',
    never: ['#store/store.ts', '#ui/shell/app-shell.ts', '#app/app.ts', 'idb', 'comlink', 'node:fs'],
    may: ['#core/json.ts', '#entities/index.ts', '#crypto/secret-box.ts', 'marked', 'dompurify', 'lit'],
  },
  {
    file: 'src/app/probe.ts',
    never: [
      '#ui/shell/app-shell.ts',
      '#store/outbox.ts',
      '#sync/drain.ts',
      '#server/app.ts',
      'idb',
      'lit',
      'workbox-background-sync',
      'node:fs',
    ],
    may: [
      '#core/json.ts',
      '#platform/system.ts',
      '#store/status-store.ts',
      '#store/calls/store-client.ts',
      '#store/save/journal.ts',
      'comlink',
      'workbox-window',
    ],
  },
  {
    file: 'src/ui/panels/probe.ts',
    never: [
      '#store/store.ts',
      '#store/calls/store-client.ts',
      '#sync/drain.ts',
      '#workers/store.worker.ts?worker&url',
      'idb',
      'comlink',
      'workbox-window',
    ],
    may: ['#core/errors.ts', '#entities/note.ts', '#app/app.ts', '#features/markdown/view.ts', '#ui/parts/dialog.ts', 'lit'],
  },
  {
    file: 'src/ui/styles/probe.ts',
    never: ['#ui/text/time-text.ts', '#ui/parts/icon.ts', '#store/store.ts'],
    may: ['./base.ts', 'lit'],
  },
  {
    file: 'src/ui/text/probe.ts',
    never: ['#ui/parts/icon.ts', '#ui/styles/base.ts', '#ui/shell/shell.ts', '#store/store.ts', 'lit'],
    may: ['./time-text.ts', '#core/errors.ts', '#app/app.ts'],
  },
  {
    file: 'src/ui/controllers/probe.ts',
    never: ['#ui/parts/icon.ts', '#ui/shell/shell.ts', '#ui/panels/index.ts', '#store/store.ts'],
    may: ['./minute.ts', '#ui/text/time-text.ts', '#app/app.ts', 'lit'],
  },
  {
    file: 'src/ui/parts/probe.ts',
    never: ['#ui/documents/document-bin.ts', '#ui/panels/index.ts', '#ui/shell/layout.ts', '#store/store.ts'],
    may: ['./icon.ts', '#ui/controllers/minute.ts', '#ui/text/time-text.ts', '#ui/shell/shell.ts', 'lit'],
  },
  {
    file: 'src/ui/documents/probe.ts',
    never: ['#ui/panels/notes/notes-view.ts', '#ui/shell/layout.ts', '#ui/palette/command-palette.ts', '#store/store.ts'],
    may: ['./document-bin.ts', '#ui/parts/icon.ts', '#ui/panels/index.ts', '#ui/shell/router.ts', 'lit'],
  },
  {
    file: 'src/ui/panels/status/probe.ts',
    never: ['#ui/panels/notes/notes-view.ts', '#ui/shell/app-shell.ts', '#ui/palette/command-palette.ts', '#store/store.ts'],
    may: ['./status-view.ts', '#ui/documents/document-bin.ts', '#ui/panels/panel.ts', '#ui/shell/shell.ts', 'lit'],
  },
  {
    file: 'src/workers/probe.ts',
    never: ['#ui/shell/app-shell.ts', '#app/app.ts', '#sw/sw.ts', 'lit', 'workbox-background-sync', 'node:fs'],
    may: ['#store/store.ts', '#sync/drain.ts', 'comlink'],
  },
  {
    file: 'sw/probe.ts',
    never: ['#ui/shell/app-shell.ts', '#app/app.ts', '#features/search.ts', 'lit', 'node:fs'],
    may: ['#core/json.ts', '#sync/drain.ts', '#store/store.ts', 'workbox-background-sync'],
  },
  {
    file: 'server/probe.ts',
    never: [
      '#entities/index.ts',
      '#store/store.ts',
      '#ui/shell/app-shell.ts',
      '#sync/drain.ts',
      'lit',
      'idb',
      '#backup/format/json-form.ts',
      'workbox-routing',
      'comlink',
    ],
    may: ['#core/protocol.ts', '#server/config.ts', 'fastify', 'node:fs'],
  },
  {
    file: 'server/upkeep/export-account.ts',
    never: ['#backup/kept/place.ts', '#entities/index.ts', '#store/store.ts', '@zip.js/zip.js', 'lit'],
    may: ['#backup/format/json-form.ts', '#core/protocol.ts', '#server/storage/storage.ts', 'node:fs'],
  },
  {
    file: 'server/api/probe.ts',
    never: [
      '#server/app.ts',
      '#server/http/answers.ts',
      '#server/routes/api.ts',
      '#server/storage/sqlite.ts',
      '#server/upkeep/check.ts',
      '#entities/index.ts',
      'fastify',
      'kysely',
      'better-sqlite3',
      'node:fs',
    ],
    may: ['./push.ts', '#core/protocol.ts', '#server/storage/storage.ts', '#server/refusal.ts', 'valibot'],
  },
  {
    file: 'server/storage/probe.ts',
    never: ['#server/api/push.ts', '#server/http/answers.ts', '#server/routes/api.ts', '#entities/index.ts', 'fastify'],
    may: ['./tables.ts', '#core/protocol.ts', '#server/migrations/migrate.ts', 'kysely', 'better-sqlite3', 'node:fs'],
  },
  {
    file: 'src/main.ts',
    never: ['#sw/courier.ts', '#sync/drain.ts', '#server/app.ts', 'idb'],
    may: ['#app/app.ts', '#ui/shell/app-shell.ts'],
  },
  // Everywhere, tests included: out of a folder only by alias, and nobody imports a root.
  {
    file: 'tests/unit/probe.ts',
    never: [
      '../support/clock.ts',
      './a/../../b.ts',
      '#server/main.ts',
      '#sw/sw.ts',
      '#workers/store.worker.ts',
      'lit/directives/unsafe-html.js',
      'lit/directives/unsafe-svg.js',
      'lit/directives/style-map.js',
    ],
    may: ['#support/clock.ts', './other.ts', '#workers/store.worker.ts?worker&url', 'lit/directives/class-map.js'],
  },
];

/** Code that a rule other than the arrows must refuse, by the rule's category. */
const REFUSED: readonly { readonly file: string; readonly code: string; readonly by: string }[] = [
  { file: 'src/ui/panels/fetching.ts', code: "export const answer = fetch('/api');", by: 'lint/style/noRestrictedGlobals' },
  {
    file: 'src/ui/panels/database.ts',
    code: "export const database = indexedDB.open('x');",
    by: 'lint/style/noRestrictedGlobals',
  },
  { file: 'src/app/database.ts', code: "export const database = indexedDB.open('x');", by: 'lint/style/noRestrictedGlobals' },
  { file: 'src/core/now.ts', code: 'export const now = () => Date.now();', by: 'plugin' },
  { file: 'src/core/today.ts', code: 'export const today = () => new Date();', by: 'plugin' },
  { file: 'src/sync/jitter.ts', code: 'export const jitter = () => Math.random();', by: 'plugin' },
  { file: 'src/entities/time.ts', code: 'export const start = () => performance.now();', by: 'plugin' },
  {
    file: 'src/store/floating.ts',
    code: 'async function save(): Promise<void> {}\nexport function run(): void {\n  save();\n}',
    by: 'lint/nursery/noFloatingPromises',
  },
  { file: 'src/core/any.ts', code: 'export const value: any = 1;', by: 'lint/suspicious/noExplicitAny' },
  {
    file: 'src/core/bang.ts',
    code: 'export const first = (all: string[]) => all[0]!.length;',
    by: 'lint/style/noNonNullAssertion',
  },
  { file: 'src/core/ignored.ts', code: '// @ts-ignore\nexport const value: string = 1;', by: 'lint/suspicious/noTsIgnore' },
  { file: 'src/core/default.ts', code: 'export default 1;', by: 'lint/style/noDefaultExport' },
  { file: 'src/core/list.ts', code: 'export enum Colour {\n  Red,\n}', by: 'lint/style/noEnum' },
  { file: 'src/core/camelCase.ts', code: 'export const one = 1;', by: 'lint/style/useFilenamingConvention' },
  { file: 'src/core/extension.ts', code: "export { now } from './now';", by: 'lint/correctness/useImportExtensions' },
  { file: 'src/ui/undeclared.ts', code: "import 'left-pad';", by: 'lint/correctness/noUndeclaredDependencies' },
  {
    file: 'src/core/chicken.ts',
    code: "import { egg } from './egg.ts';\nexport const chicken = (): number => egg();",
    by: 'lint/suspicious/noImportCycles',
  },
  {
    file: 'src/core/egg.ts',
    code: "import { chicken } from '#core/chicken.ts';\nexport const egg = (): number => chicken();",
    by: 'lint/suspicious/noImportCycles',
  },
  // Types, too: a circle that the compiler removes is one all the same to whoever reads the two files.
  {
    file: 'src/core/hen.ts',
    code: "import type { Nest } from './nest.ts';\nexport interface Hen {\n  readonly nest: Nest;\n}",
    by: 'lint/suspicious/noImportCycles',
  },
  {
    file: 'src/core/nest.ts',
    code: "import type { Hen } from '#core/hen.ts';\nexport interface Nest {\n  readonly hens: readonly Hen[];\n}",
    by: 'lint/suspicious/noImportCycles',
  },
];

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string; readonly start: { readonly line: number } };
}

let folder = '';
let diagnostics: readonly Diagnostic[] = [];

function writeProbe(path: string, code: string): void {
  const target = join(folder, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, `${code}\n`);
}

/** The specifiers of an arrow's file that biome refused: line n holds specifier n. */
function refusedImports(file: string, specifiers: readonly string[]): readonly string[] {
  const lines = diagnostics
    .filter(({ category, location }) => location.path === file && ['lint/style/noRestrictedImports', 'plugin'].includes(category))
    .map(({ location }) => location.start.line);
  return specifiers.filter((_, index) => lines.includes(index + 1));
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-house-'));
  for (const name of ['biome.json', 'package.json', '.gitignore']) cpSync(join(ROOT, name), join(folder, name));
  cpSync(join(ROOT, '.ci/lint'), join(folder, '.ci/lint'), { recursive: true });
  for (const { file, never, may } of ARROWS) {
    writeProbe(file, [...never, ...may].map((specifier) => `import '${specifier}';`).join('\n'));
  }
  for (const { file, code } of REFUSED) writeProbe(file, code);
  const run = spawnSync(BIOME, ['lint', '--reporter=json', '--max-diagnostics=none', '.'], { cwd: folder, encoding: 'utf8' });
  diagnostics = JSON.parse(run.stdout).diagnostics;
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('imports', () => {
  for (const { file, never, may } of ARROWS) {
    test(`${file} may import ${may.length} probes and never the other ${never.length}`, () => {
      expect(refusedImports(file, [...never, ...may])).toEqual(never);
    });
  }

  test('a dynamic import and a re-export are arrows, too', () => {
    writeProbe(
      'src/core/other.ts',
      "export const late = () => import('#store/store.ts');\nexport { run } from '#ui/shell/app-shell.ts';",
    );
    const run = spawnSync(BIOME, ['lint', '--reporter=json', 'src/core/other.ts'], { cwd: folder, encoding: 'utf8' });
    const found: readonly Diagnostic[] = JSON.parse(run.stdout).diagnostics;
    expect(
      found.filter(({ category }) => category === 'lint/style/noRestrictedImports').map(({ location }) => location.start.line),
    ).toEqual([1, 2]);
  });
});

describe('code', () => {
  test.each(REFUSED)('$file is refused by $by', ({ file, by }) => {
    expect(diagnostics.filter(({ location }) => location.path === file).map(({ category }) => category)).toContain(by);
  });
});
