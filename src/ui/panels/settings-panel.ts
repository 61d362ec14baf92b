import { definePanel } from './panel.ts';

export const panel = definePanel({
  id: 'settings',
  label: 'Settings',
  icon: 'settings',
  slot: 'end',
  order: 90,
  element: 'settings-view',
  load: () => import('./settings/settings-view.ts'),
});
