import { html, type TemplateResult } from 'lit';

/**
 * The icons in use. `public/icons.svg` is built from this list and lucide by `.ci/icon-sprite.mjs`; a test compares
 * the two.
 */
export const iconNames = [
  'archive-restore',
  'arrow-left',
  'arrow-right',
  'check',
  'circle-alert',
  'cloud',
  'cloud-check',
  'cloud-off',
  'copy',
  'download',
  'ellipsis',
  'file-text',
  'hard-drive',
  'history',
  'info',
  'key-round',
  'log-out',
  'monitor',
  'notebook',
  'palette',
  'panel-left-close',
  'panel-left-open',
  'pencil',
  'plus',
  'printer',
  'refresh-cw',
  'rotate-ccw',
  'search',
  'settings',
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
