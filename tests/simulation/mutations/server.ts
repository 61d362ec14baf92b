/** What the server must do. */
import type { Op } from '#core/protocol.ts';
import type { Mutation } from './mutation.ts';

export const server: readonly Mutation[] = [
  {
    name: 'the server forgets which ops it has applied',
    rule: 'Invariant 3',
    needs: ['weather'],
    storage: (storage) => ({
      ...storage,
      write: (accountId, body) =>
        storage.write(accountId, (writer, account) => body({ ...writer, appliedOps: async () => [] }, account)),
    }),
  },
  {
    name: 'the server does not compare before it sets',
    rule: 'Compare and set',
    needs: [],
    storage: (storage) => ({
      ...storage,
      write: (accountId, body) =>
        storage.write(accountId, (writer, account) =>
          body(
            {
              ...writer,
              async heads(id, keys) {
                const bases = new Map(keys.map((key) => [`${key.kind}/${key.id}`, (key as Partial<Op>).base]));
                const heads = await writer.heads(id, keys);
                return heads.map((head) => ({ ...head, version: bases.get(`${head.kind}/${head.id}`) as string }));
              },
            },
            account,
          ),
        ),
    }),
  },
];
