import { html, type TemplateResult } from 'lit';
import { frameIcons } from './frame-icons.ts';
// A name with a hash, kept forever: under a name of its own the browser asks for the sprite again, and reads it again, at every
// icon that comes or changes (a request and 8 ms of the page's thread, measured with Chromium 156).
import sprite from './icons.svg?url';

/**
 * The icons in use, in two lists, both built from lucide by `.ci/icon-sprite.mjs`; a test compares. Those of the frame, of the
 * first list and of a quiet status bar are in the code, `frame-icons.ts`: a file of their own, read as a document of its own,
 * would come 20 ms later.
 */
export const frameIconNames = [
  'activity',
  'archive',
  'check',
  'chevron-down',
  'circle-alert',
  'cloud',
  'cloud-check',
  'cloud-off',
  'ellipsis',
  'file-text',
  'key-round',
  'messages-square',
  'notebook',
  'panel-left-close',
  'panel-left-open',
  'pencil',
  'plus',
  'search',
  'settings',
  'star',
  'trash-2',
  'x',
] as const;

/** All others come in `icons.svg` when the first of them is shown. */
export const spriteIconNames = [
  'archive-restore',
  'arrow-down-a-z',
  'arrow-left',
  'arrow-right',
  'arrow-up',
  'bold',
  'brain',
  'calendar-plus',
  'camera',
  'case-sensitive',
  'chevron-left',
  'chevron-right',
  'chevron-up',
  'code',
  'copy',
  'download',
  'eye',
  'folder',
  'folder-input',
  'git-compare',
  'git-merge',
  'hard-drive',
  'heading',
  'history',
  'image',
  'info',
  'italic',
  'keyboard',
  'lightbulb',
  'link',
  'list',
  'list-indent-decrease',
  'list-indent-increase',
  'list-ordered',
  'list-todo',
  'log-out',
  'monitor',
  'monitor-down',
  'palette',
  'paperclip',
  'pin',
  'pin-off',
  'plug',
  'printer',
  'redo-2',
  'refresh-cw',
  'replace',
  'rotate-ccw',
  'shield-alert',
  'square',
  'text-quote',
  'undo-2',
  'user-round',
  'whole-word',
] as const;

export type IconName = (typeof frameIconNames)[number] | (typeof spriteIconNames)[number];

/** The icon that a declaration names; a sheet of paper where there is none of that name. */
export const iconNamed = (name: string | undefined): IconName =>
  [...frameIconNames, ...spriteIconNames].find((known) => known === name) ?? 'file-text';

/** A decorative icon. The control around it carries the name. Style it with `iconStyles`. */
export function icon(name: IconName): TemplateResult {
  const path = (frameIcons as { readonly [name in IconName]?: string })[name];
  return path === undefined
    ? html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><use href="${sprite}#${name}"></use></svg>`
    : html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${path}></path></svg>`;
}
