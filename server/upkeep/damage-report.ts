import type { OnDamaged } from '#server/api/integrity.ts';

/** Damaged versions remembered, so that each is reported once. Beyond that many the disk needs no further witness. */
const MAX_REMEMBERED = 10_000;

export interface DamageReport {
  readonly onDamaged: OnDamaged;
  /** How many damaged versions this process has met. */
  count(): number;
}

/** Called with damaged versions each time they are met; `report` is called with those that are new. */
export function createDamageReport(report: (newlyFound: number) => void): DamageReport {
  const met = new Set<string>();
  return {
    onDamaged(accountId, seqs) {
      const fresh = seqs.filter((seq) => !met.has(`${accountId}/${seq}`));
      if (fresh.length === 0 || met.size >= MAX_REMEMBERED) return;
      for (const seq of fresh) met.add(`${accountId}/${seq}`);
      report(fresh.length);
    },
    count: () => met.size,
  };
}
