import { definePanel } from './panel.ts';

export const panel = definePanel({
  id: 'status',
  label: 'Status',
  icon: 'activity',
  slot: 'end',
  order: 80,
  element: 'status-view',
  load: () => import('./status/status-view.ts'),
});
