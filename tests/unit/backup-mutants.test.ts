/** A slice of `npm run fuzz:import`: other mutants each time, told by the seed that is printed at the start. */
import { expect, test } from 'vitest';
import { checkMutant } from '#support/backup-mutants.ts';
import { propertySeed, runs } from '#support/property-runs.ts';

test('no mutant of a backup file crashes or hangs the reader, or gets anything past it', async () => {
  const found: string[] = [];
  const start = (propertySeed >>> 0) * 1000;
  for (let number = start; number < start + runs(600); number++) {
    const { wrong } = await checkMutant(number);
    if (wrong) found.push(`mutant ${number}: ${wrong}`);
  }
  expect(found).toEqual([]);
});
