/** Colours in code blocks. The highlighter gives a tree, of which elements are made: no HTML is parsed, no style is inline. */
import bash from 'highlight.js/lib/languages/bash';
import c from 'highlight.js/lib/languages/c';
import cpp from 'highlight.js/lib/languages/cpp';
import csharp from 'highlight.js/lib/languages/csharp';
import css from 'highlight.js/lib/languages/css';
import diff from 'highlight.js/lib/languages/diff';
import go from 'highlight.js/lib/languages/go';
import java from 'highlight.js/lib/languages/java';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import kotlin from 'highlight.js/lib/languages/kotlin';
import latex from 'highlight.js/lib/languages/latex';
import markdown from 'highlight.js/lib/languages/markdown';
import php from 'highlight.js/lib/languages/php';
import python from 'highlight.js/lib/languages/python';
import r from 'highlight.js/lib/languages/r';
import ruby from 'highlight.js/lib/languages/ruby';
import rust from 'highlight.js/lib/languages/rust';
import sql from 'highlight.js/lib/languages/sql';
import swift from 'highlight.js/lib/languages/swift';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import { createLowlight } from 'lowlight';

const lowlight = createLowlight({
  bash,
  c,
  cpp,
  csharp,
  css,
  diff,
  go,
  java,
  javascript,
  json,
  kotlin,
  latex,
  markdown,
  php,
  python,
  r,
  ruby,
  rust,
  sql,
  swift,
  typescript,
  xml,
  yaml,
});

/** Beyond this a block stays plain: it would hold up the page while an answer streams. */
const MAX_CHARS = 20_000;

type Node = ReturnType<typeof lowlight.highlight>['children'][number];

/** Colours every code block that names a language known here. The text itself never changes. */
export function highlightCode(block: ParentNode): void {
  for (const code of block.querySelectorAll<HTMLElement>('pre > code[class^="language-"]')) {
    const language = code.className.slice('language-'.length).toLowerCase();
    const text = code.textContent;
    if (!lowlight.registered(language) || text.length > MAX_CHARS) continue;
    code.replaceChildren(...lowlight.highlight(language, text).children.flatMap(toDom));
  }
}

function toDom(node: Node): readonly globalThis.Node[] {
  if (node.type === 'text') return [document.createTextNode(node.value)];
  if (node.type !== 'element') return [];
  const span = document.createElement('span');
  const names = node.properties['className'];
  if (Array.isArray(names)) span.className = names.join(' ');
  span.append(...node.children.flatMap((child) => toDom(child)));
  return [span];
}
