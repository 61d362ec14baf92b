/** What a note may put into the page. The notes come from other devices, and from anywhere by copy and paste. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createMarkdownView } from '#features/markdown/markdown-view.ts';
import { parseMarkdown } from '#features/markdown/render-markdown.ts';

let place: HTMLElement;

beforeEach(() => {
  place = document.createElement('article');
  document.body.append(place);
});

afterEach(() => place.remove());

function show(markdown: string): HTMLElement {
  place.replaceChildren(...parseMarkdown(markdown).map((block) => block.render()));
  return place;
}

describe('Markdown in the page', () => {
  test('is what it says', () => {
    show('# Head\n\n- **bold** and *soft*\n- [x] done\n\n```js\na < b\n```\n\n| a |\n|---|\n| 1 |');
    expect(place.querySelector('h1')?.textContent).toBe('Head');
    expect(place.querySelector('li strong')?.textContent).toBe('bold');
    expect(place.querySelector('pre code')?.textContent).toBe('a < b\n');
    expect(place.querySelector('td')?.textContent).toBe('1');
    expect(place.querySelector<HTMLInputElement>('input')?.disabled).toBe(true);
    expect(place.querySelector('input')?.getAttribute('aria-label')).toBe('Done');
  });

  test.each([
    '<script>window.hit = 1</script>',
    '<img src=x onerror="window.hit = 1">',
    '<svg><script>window.hit = 1</script></svg>',
    '<a href="javascript:window.hit=1">x</a>',
    '[x](javascript:window.hit=1)',
    '[x](data:text/html,<script>window.hit=1</script>)',
    '<iframe srcdoc="<script>parent.hit=1</script>"></iframe>',
    '<math><mtext><table><mglyph><style><img src=x onerror="window.hit=1">',
    '<form action="https://evil.example"><input name="p"><button>go</button></form>',
    '<style>body{display:none}</style>',
    '<p style="position:fixed;inset:0" class="x" id="main" onclick="window.hit=1">over everything</p>',
    '<object data="https://evil.example"></object><embed src="https://evil.example">',
    '<link rel="stylesheet" href="https://evil.example/a.css"><meta http-equiv="refresh" content="0;url=https://evil.example">',
    '<template><img src=x onerror="window.hit=1"></template>',
  ])('%s does nothing and asks nobody', async (markdown) => {
    show(markdown);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect('hit' in window).toBe(false);
    const forbidden =
      'script, style, iframe, object, embed, form, button, link, meta, svg, math, template, input:not([type=checkbox])';
    expect(place.querySelectorAll(forbidden)).toHaveLength(0);
    for (const element of place.querySelectorAll('*:not(.remote-image)')) {
      const names = element.getAttributeNames();
      expect(names.filter((name) => name.startsWith('on') || ['style', 'class', 'id', 'srcset'].includes(name))).toEqual([]);
      expect(element.getAttribute('href') ?? '').not.toMatch(/^(javascript|data):/i);
    }
  });

  test('a link elsewhere opens apart and tells nothing; a link to a note stays in the app', () => {
    show('[out](https://example.org) [in](/notes/1) [self](#x)');
    const [out, inside, self] = place.querySelectorAll('a');
    expect([out?.target, out?.rel]).toEqual(['_blank', 'noopener noreferrer']);
    expect([inside?.target, inside?.getAttribute('href')]).toEqual(['', '/notes/1']);
    expect([self?.target, self?.getAttribute('href')]).toEqual(['', '#x']);
  });

  test('an image elsewhere is its address, an image on the device is shown', () => {
    show('![a diagram](https://example.org/x.png) ![dot](data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=)');
    const images = place.querySelectorAll('img');
    expect([...images].map(({ alt }) => alt)).toEqual(['dot']);
    expect(place.querySelector('.remote-image')?.textContent).toBe('Image: a diagram https://example.org/x.png');
  });

  test('a definition at the end makes the link at the beginning, also when it changes', async () => {
    const view = createMarkdownView(place);
    view.show('see [it][1]\n\ntext\n\n[1]: https://one.example');
    await expect.poll(() => place.querySelector('a')?.href).toBe('https://one.example/');
    view.show('see [it][1]\n\ntext\n\n[1]: https://two.example');
    await expect.poll(() => place.querySelector('a')?.href).toBe('https://two.example/');
  });
});

describe('a Markdown view', () => {
  const paragraphs = (...names: readonly string[]): string => names.map((name) => `Paragraph ${name}`).join('\n\n');
  const shown = (): readonly string[] => [...place.children].map((child) => (child.textContent ?? '').trim());

  test('leaves the blocks alone that did not change', async () => {
    const view = createMarkdownView(place);
    view.show(paragraphs('a', 'b', 'c'));
    await expect.poll(shown).toEqual(['Paragraph a', 'Paragraph b', 'Paragraph c']);
    const [first, , last] = place.children;
    view.show(paragraphs('a', 'B', 'and one more', 'c'));
    await expect.poll(shown).toEqual(['Paragraph a', 'Paragraph B', 'Paragraph and one more', 'Paragraph c']);
    expect(place.firstElementChild).toBe(first);
    expect(place.lastElementChild).toBe(last);
  });

  test('ends with the last of many texts that come faster than they can be drawn', async () => {
    const view = createMarkdownView(place);
    const long = Array.from({ length: 900 }, (_, nth) => String(nth));
    for (let round = 0; round < 30; round++) {
      view.show(paragraphs(...long.slice(round * 5), `round ${round}`));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    // Back to a text that was under way: it must still be drawn to its end.
    view.show(paragraphs('x'));
    view.show(paragraphs(...long.slice(29 * 5), 'round 29'));
    const expected = [...long.slice(29 * 5), 'round 29'].map((name) => `Paragraph ${name}`);
    await expect.poll(shown, { timeout: 20_000 }).toEqual(expected);
  });

  test('shows nothing for an empty text, and again something afterwards', async () => {
    const view = createMarkdownView(place);
    view.show('one');
    view.show('');
    await expect.poll(shown).toEqual([]);
    view.show('two');
    await expect.poll(shown).toEqual(['two']);
  });
});
