/**
 * How often a property is tried. `npm run properties -- --times 100` sets the factor; `npm test` runs once what is written
 * in the tests. Vitest loads this file before each test file, so that properties without a number of their own follow, too.
 */
import fc from 'fast-check';

const DEFAULT_RUNS = 100;
const times = Number(process.env.HOLDFAST_PROPERTY_TIMES ?? '1');
if (!(Number.isInteger(times) && times > 0)) throw new Error(`HOLDFAST_PROPERTY_TIMES is not a whole number above 0: ${times}`);

/** The runs of a property that asks for `usual` ones. */
export const runs = (usual: number): number => usual * times;

fc.configureGlobal({ numRuns: runs(DEFAULT_RUNS) });
