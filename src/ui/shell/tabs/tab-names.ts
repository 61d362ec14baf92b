import type { ReactiveControllerHost } from 'lit';
import type { App } from '#app/app.ts';
import { ledger } from '#entities/index.ts';
import { liveEntities } from '#ui/controllers/live-entities.ts';
import { documentIcon } from '#ui/documents/document-icon.ts';
import { panelOf } from '#ui/panels/index.ts';
import type { IconName } from '#ui/parts/icon.ts';
import type { Tab, Tabs } from './open-tabs.ts';

export interface TabNames {
  /** The title of a tab's document as it is now; an ellipsis until it has been read. */
  nameOf(tab: Tab): string;
}

/** Follows the names of the open documents. */
export function tabNames(
  host: ReactiveControllerHost,
  select: () => { readonly app: App; readonly tabs: Tabs } | undefined,
): TabNames {
  const kindOf = ({ panel }: Tab): string => panelOf(panel)?.documents ?? '';
  const entities = liveEntities(
    host,
    () => select()?.app,
    () => (select()?.tabs ?? []).map((tab) => [kindOf(tab), tab.id] as const).filter(([kind]) => kind !== ''),
  );
  return {
    nameOf(tab) {
      const view = entities.get(kindOf(tab), tab.id);
      return (view && ledger.get(view.kind)?.title(view.fields)) || '…';
    },
  };
}

export const tabIcon = ({ panel }: Tab): IconName => documentIcon(panelOf(panel));
