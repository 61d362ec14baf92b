import { defineEntity } from '#core/entity.ts';
import { flag, json, map, string } from '#core/fields.ts';

/** Where a person was on one device: sidebar, tabs, sizes, scroll and caret. The entity's id is the device's id. */
export const layout = defineEntity({
  kind: 'layout',
  version: 2,
  scope: 'device',
  fields: {
    sidebarCollapsed: flag(false),
    /** The open tabs in order: `{ panel, id }[]`. */
    tabs: json([]),
    activeTab: string(''),
    /** Tabs that were closed, newest first, for "Reopen closed tab": `{ panel, id }[]`. */
    closedTabs: json([]),
    panelSizes: map({}),
    /** Scroll and caret by entity id. */
    positions: map({}),
    preview: flag(false),
  },
  migrations: { 2: (fields) => fields },
  title: () => 'Layout',
  sample: () => ({
    sidebarCollapsed: true,
    tabs: [{ panel: 'notes', id: '0198c0de-0000-7000-8000-00000000a001' }],
    activeTab: '0198c0de-0000-7000-8000-00000000a001',
    closedTabs: [{ panel: 'chats', id: '0198c0de-0000-7000-8000-00000000b001' }],
    panelSizes: { list: 320 },
    positions: { '0198c0de-0000-7000-8000-00000000a001': { scroll: 120, caret: 42 } },
    preview: true,
  }),
});
