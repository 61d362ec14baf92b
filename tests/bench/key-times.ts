declare global {
  interface Window {
    keyTimes: number[];
  }
}

/** Runs in the page. Keeps for each key the ms from its time stamp to the end of the frame that shows it. */
export function recordKeys(): void {
  window.keyTimes = [];
  addEventListener(
    'keydown',
    ({ timeStamp }) => {
      requestAnimationFrame(() => {
        // The first task behind the frame: its style, layout and paint are done. A message would also wait for tasks that
        // are no part of the frame, because they were there before it.
        void scheduler.postTask(() => window.keyTimes.push(performance.now() - timeStamp), { priority: 'user-blocking' });
      });
    },
    { capture: true },
  );
}
