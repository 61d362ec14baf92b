import { createMemoryKv } from '#store/kv/kv-memory.ts';
import { type WorkspaceTables, workspaceSchema } from '#store/schema/schema.ts';
import { describeBulks } from './bulks.ts';
import { describeDeletions } from './deletions.ts';
import { describeFamilies } from './families.ts';
import { describeListOrder } from './list-order.ts';
import { describeOwnDeletions } from './own-deletions.ts';
import { describePositions } from './positions.ts';
import { describeStore } from './store.ts';

const open = async () => createMemoryKv<WorkspaceTables>(workspaceSchema);

describeStore('memory', open);
describeStore('memory, every push a bulk', open, 1);
describeBulks('memory', open);
describeDeletions('memory', open);
describePositions('memory', open);
describeOwnDeletions('memory', open);
describeOwnDeletions('memory, every push a bulk', open, 1);
describeFamilies('memory', open);
describeFamilies('memory, every push a bulk', open, 1);
describeListOrder('memory', open);
