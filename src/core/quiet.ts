import type { Clock } from './ports.ts';

/** How long `act` is put off. */
export interface Quiet {
  /** Nothing was noted for so long. */
  readonly quietMs: number;
  /** Further notes put it off for this long at the most, counted from the first. */
  readonly withinMs: number;
}

export interface QuietTimer {
  /** Something happened: `act` is due. */
  note(): void;
  /** Nothing is due any more. */
  cancel(): void;
}

/** Calls `act` once for many notes that come close together: in their first pause, or while they go on without one. */
export function afterQuiet(setTimer: Clock['setTimer'], { quietMs, withinMs }: Quiet, act: () => void): QuietTimer {
  let cancelQuiet: (() => void) | null = null;
  let cancelLatest: (() => void) | null = null;

  const cancel = (): void => {
    cancelQuiet?.();
    cancelLatest?.();
    cancelQuiet = cancelLatest = null;
  };
  const now = (): void => {
    cancel();
    act();
  };
  return {
    note() {
      cancelQuiet?.();
      cancelQuiet = setTimer(quietMs, now);
      cancelLatest ??= setTimer(withinMs, now);
    },
    cancel,
  };
}
