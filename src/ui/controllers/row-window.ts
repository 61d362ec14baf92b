import type { VirtualizerController } from '@tanstack/lit-virtual';
import type { ReactiveControllerHost } from 'lit';

/**
 * A list up to this long is drawn whole, more than two screens of the usual height; a longer one shows as many until the
 * code is there that draws only what is in sight. The first rows wait for none of it: 13 kB and 20 ms of a cold start.
 */
const PLAIN_ROWS = 40;

export interface RowWindowOptions {
  readonly scroller: () => HTMLElement;
  /** A row's height in px before it has been measured. */
  readonly rowPx: () => number;
}

export interface RowWindow {
  /** Tells how long the list is now, before its rows are asked for. */
  setRows(count: number, keyOf: (index: number) => string | number): void;
  /** The rows to draw, in order, from this many px below the top. */
  readonly indices: readonly number[];
  readonly offsetPx: number;
  /** The height of the whole list; undefined where it is that of its rows. */
  readonly totalPx: number | undefined;
  /** For every row element that comes, and with undefined for one that goes. It carries its index as `data-index`. */
  readonly measure: (row: Element | undefined) => void;
  /** Makes sure that a row is drawn after the next update. */
  reveal(index: number): void;
}

/** Which rows of a long list are in the document, so that a hundred thousand scroll like ten. */
export function rowWindow(host: ReactiveControllerHost & Element, { scroller, rowPx }: RowWindowOptions): RowWindow {
  let count = 0;
  let keyOf: (index: number) => string | number = (index) => index;
  let virtual: VirtualizerController<HTMLElement, HTMLElement> | undefined;
  let loading: 'no' | 'yes' | 'failed' = 'no';

  const drawnRows = (): HTMLElement[] => [...scroller().querySelectorAll<HTMLElement>('[data-index]')];

  const load = async (): Promise<void> => {
    loading = 'yes';
    try {
      const library = await import('@tanstack/lit-virtual');
      await host.updateComplete;
      virtual = takeOver(library);
    } catch {
      // All rows then: slow, but they are there.
      loading = 'failed';
    }
    host.requestUpdate();
    await host.updateComplete;
    // Those that were there before were never handed to it.
    for (const row of drawnRows()) measure(row);
  };

  /** From the rows as they are: what a person sees at that moment stays where it is. */
  const takeOver = (library: typeof import('@tanstack/lit-virtual')): VirtualizerController<HTMLElement, HTMLElement> => {
    const element = scroller();
    const heights = drawnRows().map((row) => row.offsetHeight);
    const controller = new library.VirtualizerController<HTMLElement, HTMLElement>(host, {
      getScrollElement: scroller,
      count,
      getItemKey: (index) => keyOf(index),
      estimateSize: (index) => heights[index] ?? rowPx(),
      overscan: 8,
      initialRect: { width: element.clientWidth, height: element.clientHeight },
      initialOffset: element.scrollTop,
    });
    // A row that is measured above the first one in sight must not push the list: the newest has to stay on top.
    controller.getVirtualizer().shouldAdjustScrollPositionOnItemSizeChange = () => false;
    return controller;
  };

  const rows = () => virtual?.getVirtualizer();
  const measure = (row: Element | undefined): void => rows()?.measureElement((row as HTMLElement | undefined) ?? null);
  return {
    setRows(nextCount, nextKeyOf) {
      count = nextCount;
      keyOf = nextKeyOf;
      const virtualizer = rows();
      virtualizer?.setOptions({ ...virtualizer.options, count, getItemKey: keyOf });
      if (count > PLAIN_ROWS && loading === 'no') void load();
    },
    get indices() {
      const drawn = rows()?.getVirtualItems();
      if (drawn) return drawn.map(({ index }) => index);
      return Array.from({ length: loading === 'failed' ? count : Math.min(count, PLAIN_ROWS) }, (_, index) => index);
    },
    get offsetPx() {
      return rows()?.getVirtualItems()[0]?.start ?? 0;
    },
    get totalPx() {
      const virtualizer = rows();
      if (virtualizer) return virtualizer.getTotalSize();
      return count > PLAIN_ROWS && loading !== 'failed' ? count * rowPx() : undefined;
    },
    measure,
    reveal(index) {
      rows()?.scrollToIndex(index);
      host.requestUpdate();
    },
  };
}
