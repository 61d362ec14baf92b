import { definePanel } from './panel.ts';

export const panel = definePanel({
  id: 'backups',
  label: 'Backups',
  icon: 'archive',
  slot: 'end',
  order: 70,
  element: 'backups-view',
  load: () => import('./backups/backups-view.ts'),
});
