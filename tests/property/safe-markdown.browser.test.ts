/** Whatever is written, what is shown holds nothing that acts: no script, no handler, no style, no address that runs. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decorateBlock } from '#features/markdown/decorate.ts';
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
