import { documentKind } from '#entities/documents.ts';
import type { Panel } from '#ui/panels/panel.ts';
import { type IconName, iconNamed } from '#ui/parts/icon.ts';

/** What is shown before the name of a document in a panel: the icon of its kind, else the panel's own. */
export const documentIcon = (panel: Panel | undefined): IconName =>
  iconNamed(documentKind(panel?.documents ?? '')?.document.icon ?? panel?.icon);
