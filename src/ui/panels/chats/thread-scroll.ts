import type { LitElement } from 'lit';
import { beforePageEnds } from '#ui/controllers/page-end.ts';

/** This close to its end, in px, the thread follows an answer as it grows. */
const NEAR_END_PX = 80;
/** Stands for the end of a chat where a scroll position is kept. */
const AT_END = -1;
/** Scrolling goes on for so long behind a wheel, a finger or a key, and each step of it as long again. */
const BY_HAND_MS = 1000;
/** A kill a second after the last scroll finds the place. */
const KEEP_MS = 1000;

export interface ThreadScrollOptions {
  /** What scrolls; null before the first rendering. */
  readonly scroller: () => HTMLElement | null;
  /** What grows in it: Markdown is drawn in slices, images load. */
  readonly content: () => Element | null;
  /** Remembers a place; `AT_END` and places are distinguished by the sign. */
  readonly keep: (place: number) => void;
  readonly onGrown: () => void;
}

/** Where a thread is scrolled to: at its end as answers grow, at the place where it was left, or where the person is. */
export interface ThreadScroll {
  /** The end is in sight, and is followed. */
  readonly atEnd: boolean;
  /** The chat is where it was opened: nobody has gone anywhere else in it. */
  readonly isAsOpened: boolean;
  /** Another chat is shown, from the place that was kept of it; undefined where none was. */
  open(place: number | undefined): void;
  toEnd(): void;
  /** The person looks at something else than the end. */
  leaveEnd(): void;
  /** Remembers the place now. */
  keep(): void;
  readonly onScroll: () => void;
  /** The person scrolls by hand: the place where the chat was left is no goal any more. */
  readonly letGo: () => void;
}

const maxTop = ({ scrollHeight, clientHeight }: HTMLElement): number => scrollHeight - clientHeight;

export function threadScroll(host: LitElement, options: ThreadScrollOptions): ThreadScroll {
  let atEnd = true;
  let isAsOpened = true;
  /** Where the chat was left, in px, until the person scrolls: messages grow for a while after they are there. */
  let goal: number | undefined;
  let lastTop = 0;
  /** Where the thread was put last, and how far it could have been scrolled then; null where it goes by itself. */
  let put: { readonly top: number; readonly max: number } | null = null;
  let byHandUntil = -Infinity;
  let keeping: ReturnType<typeof setTimeout> | undefined;
  let stopKeeping: (() => void) | undefined;

  const setAtEnd = (next: boolean): void => {
    if (next === atEnd) return;
    atEnd = next;
    host.requestUpdate();
  };

  const follow = (): void => {
    const scroller = options.scroller();
    if (!scroller) return;
    if (atEnd) goal = undefined;
    const top = atEnd ? scroller.scrollHeight : goal;
    // Nothing but a scroll moves it then: the browser keeps no place of its own as messages grow.
    scroller.style.overflowAnchor = top === undefined ? '' : 'none';
    if (top !== undefined) scroller.scrollTop = top;
    put = top === undefined ? null : { top: scroller.scrollTop, max: maxTop(scroller) };
  };

  /**
   * Whether what scrolls by no hand has moved it from where it was put: the browser's own find, a screen reader, a link. A content that has
   * become shorter moves it, too, but only to its end.
   */
  const isMovedAway = (scroller: HTMLElement): boolean => {
    if (!put || Math.abs(scroller.scrollTop - put.top) <= 1) return false;
    const max = maxTop(scroller);
    return max - scroller.scrollTop > (atEnd ? NEAR_END_PX : 1) || max === put.max;
  };

  /** A chat that was read to its end opens at its end, whatever has been added. */
  const keep = (): void => options.keep(goal ?? (atEnd ? AT_END : Math.round(lastTop)));

  const leaveEnd = (): void => {
    isAsOpened = false;
    goal = undefined;
    setAtEnd(false);
  };

  const growth = new ResizeObserver(() => {
    follow();
    options.onGrown();
  });

  host.addController({
    hostConnected() {
      stopKeeping = beforePageEnds(keep);
    },
    hostUpdated() {
      for (const grown of [options.scroller(), options.content()]) if (grown) growth.observe(grown);
      follow();
    },
    hostDisconnected() {
      stopKeeping?.();
      clearTimeout(keeping);
      growth.disconnect();
    },
  });

  return {
    get atEnd() {
      return atEnd;
    },
    get isAsOpened() {
      return isAsOpened;
    },
    open(place = AT_END) {
      isAsOpened = true;
      goal = place === AT_END ? undefined : place;
      lastTop = 0;
      put = null;
      setAtEnd(place === AT_END);
    },
    toEnd() {
      isAsOpened = false;
      byHandUntil = -Infinity;
      setAtEnd(true);
      follow();
    },
    leaveEnd,
    keep,
    onScroll() {
      const scroller = options.scroller();
      if (!scroller) return;
      if (performance.now() >= byHandUntil && isMovedAway(scroller)) leaveEnd();
      if (goal !== undefined) return;
      const { scrollTop } = scroller;
      clearTimeout(keeping);
      keeping = setTimeout(keep, KEEP_MS);
      const isUp = scrollTop < lastTop;
      // Only who scrolls by hand leaves the end or comes to it: content that grows is no such wish, nor is the jump where a
      // piece of it was drawn again and was shorter for a moment.
      if (performance.now() < byHandUntil) {
        if (isUp || !atEnd) byHandUntil = performance.now() + BY_HAND_MS;
        if (maxTop(scroller) - scrollTop < NEAR_END_PX) setAtEnd(true);
        else if (isUp) setAtEnd(false);
      }
      lastTop = scrollTop;
    },
    letGo() {
      isAsOpened = false;
      byHandUntil = performance.now() + BY_HAND_MS;
      goal = undefined;
    },
  };
}
