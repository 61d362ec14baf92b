import { defineEntity, type Fields } from '#core/entity.ts';
import { flag, json, list, map, string } from '#core/fields.ts';

/** Where a person was on one device: sidebar, tabs, sizes, scroll and caret. The entity's id is the device's id. */
export const layout = defineEntity({
  kind: 'layout',
  version: 5,
  scope: 'device',
  nouns: { one: 'layout', many: 'layouts' },
  counts: 'none',
  wordless: true,
  fields: {
    sidebarCollapsed: flag(false),
    /** The open tabs by id: `{ panel, at, preview? }`, `at` being the place among the others. Windows of one device merge tab by tab. */
    tabs: list({}),
    activeTab: string(''),
    /** Tabs that were closed, newest first, for "Reopen closed tab": `{ panel, id }[]`. */
    closedTabs: json([]),
    panelSizes: map({}),
    /** By what the list of a kind is sorted; absent, by the last change. */
    sorts: map({}),
    /** Scroll and caret by entity id. */
    positions: map({}),
    preview: flag(false),
    /** The list beside an open document, where the window is wide enough for both. */
    listHidden: flag(false),
    /** The toolbar over the text of a note. */
    formatsHidden: flag(false),
  },
  migrations: { 2: (fields) => fields, 3: tabsById, 4: (fields) => fields, 5: (fields) => fields },
  sample: () => ({
    sidebarCollapsed: true,
    tabs: { '0198c0de-0000-7000-8000-00000000a001': { panel: 'notes', at: 1 } },
    activeTab: '0198c0de-0000-7000-8000-00000000a001',
    closedTabs: [{ panel: 'chats', id: '0198c0de-0000-7000-8000-00000000b001' }],
    panelSizes: { list: 320 },
    sorts: { note: 'title' },
    positions: { '0198c0de-0000-7000-8000-00000000a001': { scroll: 120, caret: 42 } },
    preview: true,
    listHidden: true,
    formatsHidden: true,
  }),
});

/** Until version 2 the tabs were a list. */
function tabsById(fields: Fields): Fields {
  const { tabs } = fields;
  if (!Array.isArray(tabs)) return fields;
  const entries = tabs.flatMap((tab, index) => {
    const { id, ...rest } = Object(tab);
    return typeof id === 'string' ? [[id, { ...rest, at: index + 1 }]] : [];
  });
  return { ...fields, tabs: Object.fromEntries(entries) };
}
