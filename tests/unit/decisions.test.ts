/** Each decision record has a status and a date, the four headings, and its line in the index. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const FOLDER = 'docs/decisions';
const RECORDS = readdirSync(FOLDER).filter((name) => /^\d{4}-[a-z0-9-]+\.md$/.test(name));
const index = readFileSync(`${FOLDER}/README.md`, 'utf8');

describe.each(RECORDS)('%s', (name) => {
  const text = readFileSync(`${FOLDER}/${name}`, 'utf8');
  const [, title = '', status = '', date = ''] = /^# (.+)\n\nStatus: (.+)\nDate: (\d{4}-\d{2}-\d{2})\n/.exec(text) ?? [];

  test('it begins with its title, its status and its date', () => {
    expect(status).toMatch(/^(?:accepted|replaced|rejected)/);
    expect(Number.isNaN(Date.parse(date))).toBe(false);
  });

  test('it has context, decision, consequences and alternatives', () => {
    const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(['Context', 'Decision', 'Consequences', 'Alternatives']);
  });

  test('the index says the same of it', () => {
    expect(index).toContain(`| [${name.slice(0, 4)}](${name}) | ${title} | ${date} | ${status} |`);
  });
});

test('each number is given once', () => {
  const numbers = RECORDS.map((name) => name.slice(0, 4));
  expect(numbers.filter((number, at) => numbers.indexOf(number) !== at)).toEqual([]);
});
