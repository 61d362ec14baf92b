import { afterQuiet, type Quiet, type QuietTimer } from '#core/quiet.ts';

/** `afterQuiet` by the timers of this page. */
export const quietTimer = (quiet: Quiet, act: () => void): QuietTimer =>
  afterQuiet(
    (ms, fire) => {
      const timer = setTimeout(fire, ms);
      return () => clearTimeout(timer);
    },
    quiet,
    act,
  );
