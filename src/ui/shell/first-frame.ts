/** A page that nobody looks at draws nothing; one that is busy for longer than this goes on all the same. */
const LATEST_MS = 500;

/**
 * Settles when the frame of the shell is on the screen. What that does not show is not asked for before: on two cores
 * each file and each thread that starts earlier takes its time from the first frame.
 */
export const firstFrame: Promise<void> = new Promise((resolve) => {
  if (document.visibilityState === 'hidden') return resolve();
  requestAnimationFrame(() => setTimeout(resolve));
  setTimeout(resolve, LATEST_MS);
});
