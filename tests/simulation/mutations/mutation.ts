import type { Storage } from '#server/storage/storage.ts';
import type { Product } from '#simulation/adapters.ts';
import type { Plan, Trouble } from '#simulation/plan.ts';

/**
 * A rule of the protocol, switched off from outside: a part of the product is wrapped so that it behaves as if the rule
 * had not been written. The simulation must notice.
 */
export interface Mutation {
  readonly name: string;
  /** What it switches off, as `docs` and the protocol call it. */
  readonly rule: string;
  /** Troubles without which the rule is never needed. */
  readonly needs: readonly Trouble[];
  /** A plan in which the rule is needed more often than by chance. */
  readonly plan?: (seed: number) => Plan;
  readonly product?: Partial<Product>;
  readonly storage?: (storage: Storage) => Storage;
}
