/** Before end-to-end tests: `dist/` is the build of what is here now, also where Playwright is started by hand. */
import { ensureBuilt } from './build.mjs';

// biome-ignore lint/style/noDefaultExport: Playwright calls the default export of its global setup.
export default async () => {
  await ensureBuilt();
};
