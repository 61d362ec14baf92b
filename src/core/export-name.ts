/** What an export of that time is called: `holdfast-2026-11-27-08-30` (UTC). `madeAt`: wall time in ms. */
export const exportName = (madeAt: number): string =>
  `holdfast-${new Date(madeAt).toISOString().slice(0, 16).replace(/[T:]/g, '-')}`;
