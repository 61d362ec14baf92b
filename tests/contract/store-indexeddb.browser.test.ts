import { openKv } from '#store/kv/db.ts';
import { WORKSPACE_VERSION, type WorkspaceTables, workspaceSchema } from '#store/schema/schema.ts';
import { describeBulks } from './bulks.ts';
import { describeDeletions } from './deletions.ts';
import { describeFamilies } from './families.ts';
import { describeListOrder } from './list-order.ts';
import { describeOwnDeletions } from './own-deletions.ts';
import { describePositions } from './positions.ts';
import { describeStore } from './store.ts';

const open = async () => {
  const opened = await openKv<WorkspaceTables>(`store-${crypto.randomUUID()}`, WORKSPACE_VERSION, workspaceSchema);
  if (!opened.ok) throw new Error(opened.error.type);
  return opened.value;
};

describeStore('IndexedDB', open);
describeStore('IndexedDB, every push a bulk', open, 1);
describeBulks('IndexedDB', open);
describeDeletions('IndexedDB', open);
describePositions('IndexedDB', open);
describeOwnDeletions('IndexedDB', open);
describeOwnDeletions('IndexedDB, every push a bulk', open, 1);
describeFamilies('IndexedDB', open);
describeFamilies('IndexedDB, every push a bulk', open, 1);
describeListOrder('IndexedDB', open);
