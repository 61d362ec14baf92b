/** Which kinds of document there are is said by their declarations and panels: nothing else of the app lists them. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { childKinds, documentKinds } from '#entities/documents.ts';

/** What belongs to one kind, and may name it. */
const OWN = ['src/entities/', 'src/ui/panels/', 'src/app/chat/', 'src/features/chat/'];

/** Why a file outside of these names a kind all the same. Each entry is one place. */
const ALLOWED: { readonly [place: string]: string } = {
  "src/app/create-app.ts: 'chats'": 'a member of the type App, the way to the code that asks models',
  "src/backup/format/old-export.ts: 'chat-desk'": 'the versions of kinds at the time of a format that says none',
  "src/ui/shell/banners/other-devices.ts: 'chat-desk'":
    'unsent prompts are copied from another device; chat-desk is no kind of document',
};

const kinds = documentKinds();
const words = new RegExp(`\\b(${kinds.flatMap(({ kind, nouns }) => [kind, nouns.one, nouns.many]).join('|')})\\b`, 'i');
const children = kinds.flatMap(({ kind }) => childKinds(kind)).map(({ kind }) => kind);
const childRead = new RegExp(
  `(?:\\bkind\\b\\W+|\\.(?:get|getChanged|list|open|create|patch|purge|count)\\()'(?:${children.join('|')})'`,
  'g',
);

/** A file without its comments, imports and style sheets. */
const codeOf = (source: string): string =>
  source
    .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
    .replace(/^(?:import|export)[^;]*from '[^']*';$|^import '[^']*';$|import\('[^']*'\)/gm, '')
    .replace(/\bcss`[^`]*`/g, '');

/** Every place of a file that names a kind, as it is written there: in its strings and templates. */
function namesIn(path: string, source: string): readonly string[] {
  const code = codeOf(source);
  const texts = [...code.matchAll(/'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g)].flatMap(([text]) => text.split('\n'));
  const reads = [...code.matchAll(childRead)].map(([text]) => text);
  return [...texts.filter((line) => words.test(line)), ...reads].map((text) => `${path}: ${text.trim()}`);
}

const found = globSync(['src/**/*.ts', 'sw/**/*.ts', 'public/*.js'])
  .filter((path) => !OWN.some((folder) => path.startsWith(folder)))
  .flatMap((path) => namesIn(path, readFileSync(path, 'utf8')));

describe('kinds of document', () => {
  test('are named by their declarations and panels, and nowhere else', () => {
    expect(found.filter((place) => !(place in ALLOWED))).toEqual([]);
    expect(Object.keys(ALLOWED).filter((place) => !found.includes(place))).toEqual([]);
  });

  test.each([
    ["const WORDLESS = new Set(['note', 'layout']);", true],
    ['html`<a href="/notes/bin">Open the bin</a>`', true],
    ["if (kind === 'message') return;", true],
    ["app.list({ kind: 'message', parent })", true],
    ["channel.addEventListener('message', heard)", false],
    ['/** A note in the bin. */', false],
    ['css`.note { color: red }`', false],
  ])('are found where they are listed by hand: %s', (code, isFound) => {
    expect(namesIn('', code).length > 0).toBe(isFound);
  });
});
