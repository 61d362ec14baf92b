/** The drawing is true: every path and link that the documents name is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const DOCUMENTS = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', ...listMarkdown('docs')];
const PATH = /^(?:\.ci|docs|public|server|src|sw|tests)\/[\w./-]*$/;

function listMarkdown(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name));
}

describe.each(DOCUMENTS)('%s', (document) => {
  const text = readFileSync(document, 'utf8');

  test('every path in it is there', () => {
    const paths = [...text.matchAll(/`([^`\s]+)`/g)].flatMap(([, code]) => (code && PATH.test(code) ? [code] : []));
    expect(paths.filter((path) => !existsSync(path))).toEqual([]);
  });

  test('every link in it to a file leads somewhere', () => {
    const links = [...text.matchAll(/\]\(([^)#\s]+)\)/g)].flatMap(([, target]) =>
      target && !target.includes(':') ? [target] : [],
    );
    expect(links.filter((target) => !existsSync(join(dirname(document), target)))).toEqual([]);
  });
});

test('every test that the QA checklist names is in the file that it names', () => {
  const named = [...readFileSync('docs/qa-checklist.md', 'utf8').matchAll(/`(tests\/[^`]+)` “([^”]+)”/g)];
  expect(named.length).toBeGreaterThan(20);
  const missing = named.filter(([, file, title]) => !readFileSync(String(file), 'utf8').includes(String(title)));
  expect(missing.map(([text]) => text)).toEqual([]);
});
