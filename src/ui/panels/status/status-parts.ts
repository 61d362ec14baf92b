import type { App } from '#app/app.ts';
import type { StatusService } from '#app/status/status-service.ts';
import type { Shell } from '#ui/shell/shell.ts';
import type { DeviceNames } from '#ui/text/device-names.ts';

/** What every section of the panel works with. */
export interface StatusParts {
  readonly app: App;
  readonly shell: Shell;
  readonly status: StatusService;
  readonly names: DeviceNames;
}
