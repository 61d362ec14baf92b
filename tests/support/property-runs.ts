/**
 * How often a property is tried, and on which values. `npm run properties -- --times 100` sets the factor; `npm test` runs once
 * what is written in the tests. FAST_CHECK_SEED repeats the values of an earlier run; without it `vitest.config.ts` takes
 * another seed each time. Vitest loads this file before each test file, so that properties without settings of their own follow, too.
 */
import fc from 'fast-check';

const DEFAULT_RUNS = 100;
const times = Number(process.env.HOLDFAST_PROPERTY_TIMES ?? '1');
if (!(Number.isInteger(times) && times > 0)) throw new Error(`HOLDFAST_PROPERTY_TIMES is not a whole number above 0: ${times}`);

/** The seed of every property of this run. */
export const propertySeed = Number(process.env.FAST_CHECK_SEED);
if (!Number.isInteger(propertySeed)) throw new Error(`FAST_CHECK_SEED is not a whole number: ${process.env.FAST_CHECK_SEED}`);

/** The runs of a property that asks for `usual` ones. */
export const runs = (usual: number): number => usual * times;

fc.configureGlobal({ numRuns: runs(DEFAULT_RUNS), seed: propertySeed });
