import DOMPurify, { type Config } from 'dompurify';
import { ANCHOR } from './anchors.ts';
import { replaceKept } from './kept-files.ts';
import { quietHtml } from './quiet-html.ts';
import { setDirections } from './text-direction.ts';
import { TITLE_LINK } from './title-links.ts';

const config: Config & { RETURN_DOM_FRAGMENT: true } = {
  RETURN_DOM_FRAGMENT: true,
  USE_PROFILES: { html: true },
  // A style could cover the app with a picture of it; a form could send what is typed to another host.
  FORBID_TAGS: [
    'style',
    'form',
    'button',
    'select',
    'textarea',
    'option',
    'audio',
    'video',
    'source',
    'picture',
    'track',
    'dialog',
    'template',
    'slot',
  ],
  FORBID_ATTR: ['style', 'class', 'id', 'name', 'srcset', 'ping', 'target', 'popover', 'autofocus', 'background'],
  ADD_ATTR: [ANCHOR, TITLE_LINK],
  // A name that holds a colon is no address.
  ADD_URI_SAFE_ATTR: [ANCHOR, TITLE_LINK],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
};

/** Schemes under which an image is already on this device. Anything else would tell another host that the note is read. */
const LOCAL_IMAGE = /^(blob:|data:image\/)/i;

/** Of all classes only the name of a code block's language stays: highlighting needs it, and no style of ours knows it. */
const LANGUAGE_CLASS = /^language-[\w+#.-]+$/;
DOMPurify.addHook('uponSanitizeAttribute', (node, attribute) => {
  if (attribute.attrName === 'class' && node.nodeName === 'CODE' && LANGUAGE_CLASS.test(attribute.attrValue))
    attribute.forceKeepAttr = true;
});

/** An id would be one of the page's; as an anchor the note's own links find it. */
DOMPurify.addHook('beforeSanitizeAttributes', (node) => {
  if (!(node instanceof Element)) return;
  const name = node.getAttribute('id') ?? (node.nodeName === 'A' ? node.getAttribute('name') : null);
  if (name) node.setAttribute(ANCHOR, name);
});

/** Untrusted HTML as a safe fragment. Creates DOMPurify's own Trusted Types policy, `dompurify`, once. */
export function sanitizeHtml(html: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(quietHtml(html), config);
  for (const link of fragment.querySelectorAll('a')) if (!replaceKept(link, link.getAttribute('href'))) secureLink(link);
  for (const image of fragment.querySelectorAll('img')) if (!replaceKept(image, image.getAttribute('src'))) keepLocal(image);
  for (const input of fragment.querySelectorAll('input')) showTask(input);
  for (const block of fragment.querySelectorAll('pre, table')) block.setAttribute('tabindex', '0');
  setDirections(fragment);
  return fragment;
}

/** The page that opens learns neither where the reader came from nor how to reach back. */
function secureLink(link: HTMLAnchorElement): void {
  const href = link.getAttribute('href');
  // A link to a heading stays in the text, one to another note in the app.
  if (href === null || href.startsWith('#')) return;
  if (link.origin === location.origin) return;
  link.rel = 'noopener noreferrer';
  link.target = '_blank';
}

/** An image elsewhere becomes its address, as a link: nothing is fetched behind the reader's back, nor without a network. */
function keepLocal(image: HTMLImageElement): void {
  const source = image.getAttribute('src') ?? '';
  if (LOCAL_IMAGE.test(source)) {
    image.loading = 'lazy';
    return;
  }
  const placeholder = document.createElement('span');
  placeholder.className = 'remote-image';
  placeholder.append(image.alt ? `Image: ${image.alt} ` : 'Image ');
  if (/^https?:\/\//i.test(source)) {
    const link = document.createElement('a');
    link.href = source;
    link.textContent = source;
    secureLink(link);
    placeholder.append(link);
  } else {
    placeholder.append(source);
  }
  image.replaceWith(placeholder);
}

/** Of all inputs only the boxes of task lists remain, for reading; a view that can tick them enables them. */
function showTask(input: HTMLInputElement): void {
  if (input.type !== 'checkbox') {
    input.remove();
    return;
  }
  input.disabled = true;
  input.setAttribute('aria-label', input.checked ? 'Done' : 'To do');
}
