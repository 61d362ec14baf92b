import { html, type TemplateResult } from 'lit';

/**
 * The icons in use. `public/icons.svg` is built from this list and lucide by `.ci/icon-sprite.mjs`; a test compares
 * the two.
 */
export const iconNames = [
  'activity',
  'archive-restore',
  'arrow-left',
  'arrow-right',
  'arrow-up',
  'brain',
  'check',
  'chevron-down',
  'chevron-left',
  'chevron-right',
  'chevron-up',
  'circle-alert',
  'cloud',
  'cloud-check',
  'cloud-off',
  'copy',
  'download',
  'ellipsis',
  'eye',
  'file-text',
  'git-compare',
  'git-merge',
  'hard-drive',
  'history',
  'image',
  'info',
  'key-round',
  'keyboard',
  'lightbulb',
  'log-out',
  'messages-square',
  'monitor',
  'monitor-down',
  'notebook',
  'palette',
  'panel-left-close',
  'panel-left-open',
  'pencil',
  'plug',
  'plus',
  'printer',
  'refresh-cw',
  'rotate-ccw',
  'search',
  'settings',
  'shield-alert',
  'square',
  'star',
  'trash-2',
  'undo-2',
  'user-round',
  'x',
] as const;

export type IconName = (typeof iconNames)[number];

/** A decorative icon. The control around it carries the name. Style it with `iconStyles`. */
export function icon(name: IconName): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><use href="/icons.svg#${name}"></use></svg>`;
}
