import type { App } from '#app/app.ts';
import type { StatusDesk } from '#app/status/status-desk.ts';
import type { Shell } from '#ui/shell/shell.ts';
import type { DeviceNames } from '#ui/text/device-names.ts';

/** What every section of the panel works with. */
export interface StatusParts {
  readonly app: App;
  readonly shell: Shell;
  readonly desk: StatusDesk;
  readonly names: DeviceNames;
}
