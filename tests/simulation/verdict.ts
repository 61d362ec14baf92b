/** What the oracles of one run have found. The first violation is the one to look at: later ones often follow from it. */
export interface Verdict {
  /** Notes that `rule` does not hold. The run goes on to its next step and ends there. */
  fail(rule: string, details: string): void;
  readonly violations: readonly string[];
}

export function createVerdict(note: (text: string) => void): Verdict {
  const violations: string[] = [];
  return {
    violations,
    fail(rule, details) {
      if (violations.length >= 10) return;
      violations.push(`${rule}: ${details}`);
      note(`VIOLATION ${rule}: ${details}`);
    },
  };
}
