import { describeSeeds } from './seeds.ts';

describeSeeds(1000, 1000);
