import { describeSeeds } from './seeds.ts';

describeSeeds(0, 1000);
