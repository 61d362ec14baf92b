/** Whatever is written, what is shown holds nothing that acts: no script, no handler, no style, no address that runs. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decorateBlock } from '#features/markdown/decorate.ts';
import { quietHtml } from '#features/markdown/quiet-html.ts';
import { parseMarkdown } from '#features/markdown/render-markdown.ts';

const pieces = fc.constantFrom(
  ...[
    '<script>',
    '</script>',
    '<style>',
    '</style>',
    '<svg>',
    '</svg>',
    '<svg onload=hit()>',
    '<math>',
    '<mtext>',
    '<mglyph>',
    '<annotation-xml encoding="text/html">',
  ],
  ...[
    '<img src=x onerror=hit()>',
    '<a href="javascript:hit()">',
    '<a href=" java\tscript:hit()">',
    '</a>',
    '<iframe srcdoc="<script>hit()</script>">',
    '<object data="javascript:hit()">',
  ],
  ...[
    '<form action=x>',
    '<input type=image src=x onerror=hit()>',
    '<button formaction=javascript:hit()>',
    '<p style="position:fixed" onclick=hit()>',
    '<div id=app class=x name=y>',
    '</div>',
    '<details open ontoggle=hit()>',
  ],
  ...[
    '<template>',
    '</template>',
    '<noscript>',
    '<title>',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<base href=x>',
    '<meta http-equiv=refresh content=0>',
    '<table>',
    '<td background=x>',
    '<video><source onerror=hit()>',
  ],
  ...[
    '[x](javascript:hit())',
    '[x](data:text/html,<b>)',
    '![x](javascript:hit())',
    '[x]: javascript:hit()\n',
    '<javascript:hit()>',
    '[^a]',
    '[^a]: <img src=x onerror=hit()>\n',
    '[^"onclick=hit()]: x\n',
    '[^"onclick=hit()]',
  ],
  ...[
    '$\\href{javascript:hit()}{x}$',
    '$\\style{position:fixed}{x}$',
    '$\\class{x}{y}$',
    '$\\includegraphics{x}$',
    '$$\\htmlData{a=b}{x}$$',
    '\\(\\url{javascript:hit()}\\)',
    '```math\n\\href{javascript:hit()}{x}\n```\n',
  ],
  ...[
    '```html\n<b onclick=hit()>\n```\n',
    '---\na: <script>hit()</script>\n---\n',
    '# ',
    '- [ ] ',
    '> ',
    '| a |\n|---|\n| ',
    '**',
    '`',
    '\n',
    '\n\n',
    ' ',
    'x',
    '"',
    "'",
    '&quot;',
    '&#x6A;avascript:',
    '\u0000',
  ],
);

test('no generated text yields an element that acts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(pieces, { maxLength: 14 }), async (parts) => {
      const place = document.createElement('article');
      document.body.append(place);
      place.append(...parseMarkdown(parts.join('')).map((block) => block.render()));
      decorateBlock(place);
      // Formulas come a moment later.
      await expect
        .poll(() => place.querySelectorAll('code[class^=language-math]:not(.wrong-formula)').length, { timeout: 20_000 })
        .toBe(0);
      const active =
        'script, style, iframe, frame, object, embed, form, link, meta, base, svg, template, textarea, select, video, audio, source, a[download]';
      expect([...place.querySelectorAll(active)].map((element) => element.outerHTML)).toEqual([]);
      expect(place.querySelectorAll('input:not([type=checkbox]), button:not(.code > button)')).toHaveLength(0);
      for (const element of place.querySelectorAll('*')) {
        const names = element.getAttributeNames();
        expect(
          names.filter(
            (name) => name.startsWith('on') || ['id', 'name', 'srcset', 'background', 'formaction', 'srcdoc'].includes(name),
          ),
        ).toEqual([]);
        if (element.namespaceURI !== 'http://www.w3.org/1998/Math/MathML') expect(element.hasAttribute('style')).toBe(false);
        const addresses = names
          .filter((name) => /^(?:.*:)?(?:href|src|action|data)$/.test(name))
          .map((name) => element.getAttribute(name) ?? '');
        expect(
          addresses.filter((address) => /^[\s\0]*(?:javascript|vbscript|data:text)/i.test(address.replaceAll(/[\t\n]/g, ''))),
        ).toEqual([]);
      }
      place.remove();
    }),
    { numRuns: 300 },
  );
  expect('hit' in window).toBe(false);
});

/** What a parser reports to the console where a page has a policy, in whatever document it parses. */
function reported(html: string): readonly string[] {
  const found: string[] = [];
  const look = (root: ParentNode): void => {
    for (const element of root.querySelectorAll('*')) {
      if (element.localName === 'style') found.push('<style>');
      found.push(...element.getAttributeNames().filter((name) => /^on[a-z]+$/.test(name) || name === 'style'));
      if (element instanceof HTMLTemplateElement) look(element.content);
    }
  };
  look(new DOMParser().parseFromString(html, 'text/html'));
  return found;
}

test('nothing is reported of any generated text on its way', () => {
  const html = fc.array(
    fc.oneof(pieces, fc.constantFrom('<p/style=x', '"onclick=hit() ', '<img onerror', '>', '=', '<STYLE/', '\f')),
    {
      maxLength: 14,
    },
  );
  fc.assert(
    fc.property(html, (parts) => {
      expect(reported(quietHtml(parts.join('')))).toEqual([]);
    }),
    { numRuns: 3000 },
  );
});

test.each([
  '<img src=x onerror>',
  '<p/style=color:red/ONCLICK\n=\nhit()>x</p>',
  '<a title="x"onclick=hit()style>x</a>',
  '<svg><style>p {}</style><animate onbegin=hit()></svg>',
  '<!-- <a title=" --><img onerror=hit()><!-- "> -->',
  '<svg><![CDATA[ > <!-- ]]><img onerror=hit()>',
])('%s: nothing is reported', (html) => {
  expect(reported(html)).not.toEqual([]);
  expect(reported(quietHtml(html))).toEqual([]);
});

test('words that look like handlers or styles stay as they are written', () => {
  const html =
    '<p title="only onclick=x">only onclick=x style=y, on <b>one</b> "style" is once</p><pre><code>&lt;p style=x onclick="y"&gt;</code></pre>';
  const read = (text: string) => new DOMParser().parseFromString(text, 'text/html').body.innerHTML;
  expect(read(quietHtml(html))).toBe(read(html));
});
