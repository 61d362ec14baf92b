/** Says once at the start of a run which values its properties are tried on. */
export function setup(): void {
  console.log(
    `Property tests run with seed ${process.env.FAST_CHECK_SEED}: FAST_CHECK_SEED=${process.env.FAST_CHECK_SEED} repeats them.`,
  );
}
