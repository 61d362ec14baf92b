/** What notes and answers look like when they are read: HTML over several blocks, any script, links inside a text, formulas, footnotes. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findAnchor } from '#features/markdown/anchors.ts';
import { parseMarkdown } from '#features/markdown/render-markdown.ts';

let place: HTMLElement;

beforeEach(() => {
  place = document.createElement('article');
  document.body.append(place);
});

afterEach(() => place.remove());

function show(markdown: string): HTMLElement {
  place.replaceChildren(
    ...parseMarkdown(markdown).map((block) => {
      const element = document.createElement('div');
      element.append(block.render());
      return element;
    }),
  );
  return place;
}

const texts = (selector: string): readonly string[] =>
  [...place.querySelectorAll(selector)].map(({ textContent }) => textContent ?? '');

describe('HTML that spans blank lines', () => {
  test('a fold holds the Markdown between its tags', () => {
    show('<details>\n<summary>More</summary>\n\nHidden **text**\n\n</details>\n\nAfter');
    expect(texts('details strong')).toEqual(['text']);
    expect(place.querySelector('details')?.textContent).not.toContain('After');
  });

  test('a centred block holds its heading', () => {
    show('<div align="center">\n\n# Heading\n\n</div>');
    expect(place.querySelector('div[align=center] > h1')?.textContent).toBe('Heading');
  });

  test.each([
    [
      'an inner fold',
      '<details>\n\n<details>\n\ninner\n\n</details>\n\nouter\n\n</details>',
      'details',
      ['inner\nouter\n', 'inner\n'],
    ],
    ['a table of blocks', '<table><tr><td>\n\n**a**\n\n</td></tr></table>', 'td strong', ['a']],
    ['an end in a line of text', '<div align="left">\n\nlast line</div>\n\nafter', 'div[align] p', ['last line']],
    ['an end in another case', '<DIV align="left">\n\nx\n\n</div>', 'div[align] p', ['x']],
    ['a break inside', '<div align="left">\n<br>\n\nx\n\n</div>', 'div[align] p', ['x']],
    ['a tag in a comment', '<div align="left">\n<!-- <b> </div> -->\n\nx\n\n</div>\n\ny', 'div[align] p', ['x']],
    ['code that names its end', '<div align="left">\n\n`</div>` and x\n\n</div>\n\ny', 'div[align] p', ['</div> and x']],
  ])('with %s', (_name, markdown, selector, expected) => {
    show(markdown);
    expect(texts(selector).map((text) => text.trimStart().replaceAll(/\n+/g, '\n'))).toEqual(
      expected.map((text) => text.replaceAll(/\n+/g, '\n')),
    );
  });

  test('what is never closed leaves the rest of the text in blocks of its own', () => {
    expect(parseMarkdown('<div>\n\none\n\ntwo')).toHaveLength(3);
  });
});

describe('any script', () => {
  test.each([
    ['含**「重点」**内容', '「重点」'],
    ['**注意：**正文', '注意：'],
    ['これは**「大事」**です', '「大事」'],
    ['그는 **“중요”**라고 말했다', '“중요”'],
    ['**重要（説明）**です', '重要（説明）'],
  ])('%s is bold', (markdown, bold) => {
    show(markdown);
    expect(texts('strong')).toEqual([bold]);
  });

  test.each([
    ['访问 https://example.com/docs（中文说明）了解', 'https://example.com/docs'],
    ['見 https://example.com/a。次の文', 'https://example.com/a'],
    ['请看“https://example.com/q”。', 'https://example.com/q'],
    ['www.example.com，然后', 'http://www.example.com'],
    ['https://zh.wikipedia.org/wiki/数学 是', 'https://zh.wikipedia.org/wiki/数学'],
    ['see https://example.com/a_(b) now', 'https://example.com/a_(b)'],
  ])('the address in %s ends where it ends', (markdown, address) => {
    show(markdown);
    expect(decodeURI(place.querySelector('a')?.getAttribute('href') ?? '')).toBe(address);
  });

  test.each([
    ['هذه ملاحظة (test).', 'p', 'rtl'],
    ['# שלום', 'h1', 'rtl'],
    ['- فارسی\n- English', 'ul', 'rtl'],
    ['- a\n\n- فارسی', 'ul', 'ltr'],
    ['1. اردو\n\n2. x', 'ol', 'rtl'],
    ['> عربي', 'blockquote', 'rtl'],
    ['English', 'p', 'ltr'],
    ['| ا |\n|---|\n| ب |', 'td', 'rtl'],
    ['| ا | b |\n|---|---|\n| c | ب |', 'table', 'rtl'],
    ['| a | ب |\n|---|---|\n| ا | d |', 'table', 'ltr'],
  ])('%s: %s runs %s, as its own first letter does', (markdown, selector, direction) => {
    show(markdown);
    expect(getComputedStyle(place.querySelector(selector) as Element).direction).toBe(direction);
  });
});

describe('links inside a text', () => {
  const names =
    '# Section Two\n\n## Überschrift Zwei\n\n## Same\n\n## Same\n\n## What’s *new*, in 2.0?\n\n### 中文 标题\n\n<a name="Old"></a>\n\n<p id="here">x</p>';
  test.each([
    ['section-two', 'Section Two'],
    ['überschrift-zwei', 'Überschrift Zwei'],
    ['%C3%BCberschrift-zwei', 'Überschrift Zwei'],
    ['same', 'Same'],
    ['same-1', 'Same'],
    ['whats-new-in-20', 'What’s new, in 2.0?'],
    ['中文-标题', '中文 标题'],
    ['Old', ''],
    ['here', 'x'],
  ])('#%s finds its place', (fragment, text) => {
    show(names);
    expect(findAnchor(place, fragment)?.textContent).toBe(text);
  });

  test('the second of two equal headings is the second, and no heading is an id of the page', () => {
    show(names);
    const same = [...place.querySelectorAll('h2')].filter(({ textContent }) => textContent === 'Same');
    expect([findAnchor(place, 'same'), findAnchor(place, 'same-1')]).toEqual(same);
    expect(findAnchor(place, 'same-2')).toBe(null);
    expect(place.querySelectorAll('[id], [name]')).toHaveLength(0);
  });
});

describe('signs that mean something else', () => {
  test.each(['Water is H~2~O', '~5 to ~7', 'a ~b~ c'])('one tilde strikes nothing: %s', (markdown) => {
    expect(show(markdown).textContent?.trim()).toBe(markdown);
    expect(texts('del')).toEqual([]);
  });

  test('two tildes strike, beside any script', () => {
    show('~~gone~~ 中~~文~~字');
    expect(texts('del')).toEqual(['gone', '文']);
  });

  test.each([
    '---\ntitle: My note\ntags: [a, b]\n---\n\nBody',
    '---\r\ntitle: x\r\n---\r\nBody',
    '---\n标题: x\nlist:\n  - a\n---\nBody',
  ])('front matter is folded: %j', (markdown) => {
    show(markdown);
    expect(texts('details summary')).toEqual(['Front matter']);
    expect(texts('h2, hr')).toEqual([]);
    expect(texts('p')).toEqual(['Body']);
  });

  test.each(['---\n---\nBody', '---\r\n---\r\n\r\nBody', '---\n# to do\n...\nBody'])(
    'empty front matter shows nothing: %j',
    (markdown) => {
      show(markdown);
      expect(texts('details, h2, hr')).toEqual([]);
      expect(texts('p')).toEqual(['Body']);
    },
  );

  test.each(['---\n\nText\n\n---', '---\nJust words\n---', 'x\n\n---\na: b\n---'])('a rule is a rule: %j', (markdown) => {
    show(markdown);
    expect(place.querySelector('hr, h2')).not.toBe(null);
    expect(texts('details')).toEqual([]);
  });
});

describe('formulas', () => {
  test.each([
    ['$x^2$', 'x^2', false],
    ['变量$x$是', 'x', false],
    ['($a+b$)', 'a+b', false],
    ['\\(a_1\\)', 'a_1', false],
    ['$`a_b`$', 'a_b', false],
    ['$a*b*c$', 'a*b*c', false],
    ['$$\\int_0^1 x$$', '\\int_0^1 x', true],
    ['$$\n\\begin{aligned}\na &= b \\\\\n+ c\n\\end{aligned}\n$$', '\\begin{aligned}\na &= b \\\\\n+ c\n\\end{aligned}', true],
    ['so\n$$\nx = 1\n- y\n$$\nthen', 'x = 1\n- y', true],
    ['\\[ x = \\frac{1}{2} \\]', 'x = \\frac{1}{2}', true],
    ['so\n\\[\nx = 1\n\\]', 'x = 1', true],
    ['- item with $y$', 'y', false],
    ['| $z$ |\n|---|', 'z', false],
  ])('%j is one', (markdown, tex, display) => {
    show(markdown);
    expect(texts('code[class^=language-math]')).toEqual([tex]);
    expect(place.querySelector('.language-math-display') !== null).toBe(display);
  });

  test.each([
    'It costs $5 and $6',
    '$5/$6',
    '$5–$6',
    'between $5 and 6$',
    'US$5, HK$8$',
    '$HOME and $PATH',
    '$HOME/$PATH',
    '`$x$`',
    '\\$x\\$',
    '$ x $',
    'a \\[1\\] b',
    '\\[x\\] task',
    '\\(see below\\)',
    '$$',
    '$',
    '50$ a 60$',
  ])('%j is none', (markdown) => {
    show(markdown);
    expect(texts('[class^=language-math]')).toEqual([]);
  });
});

describe('footnotes', () => {
  test('are numbered as they are used, with a way there and back', () => {
    show('One[^b] and two[^a], one again[^b].\n\n[^a]: Aside\n[^b]: Below\n\n    second *part*\n\nEnd');
    expect(texts('sup > a[data-anchor]')).toEqual(['1', '2', '1']);
    expect(texts('section li').map((text) => text.replace(/\s+/g, ' ').trim())).toEqual(['Below second part ↩ ↩2', 'Aside ↩']);
    const [first] = place.querySelectorAll('sup > a');
    const note = findAnchor(place, first?.getAttribute('href')?.slice(1) ?? '');
    expect(note?.textContent).toContain('Below');
    expect(findAnchor(place, note?.querySelector('a')?.getAttribute('href')?.slice(1) ?? '')).toBe(first);
    expect(texts('p').at(1)).toContain('End');
  });

  test.each(['no note[^x]', '[^x]: never used', '`[^a]`\n\n[^a]: x'])('%j shows no number', (markdown) => {
    show(markdown);
    expect(texts('sup, section')).toEqual([]);
  });
});
