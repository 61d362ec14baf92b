/** A mouse drags at once after this many px; less is the tremble of a click. */
const SLOP_PX = 6;
/** A finger has to rest this long before it drags: until then it scrolls. */
const HOLD_MS = 350;

interface Drag {
  readonly row: HTMLElement;
  readonly rows: readonly HTMLElement[];
  readonly centres: readonly number[];
  readonly from: number;
  readonly startX: number;
  readonly pointerId: number;
  isActive: boolean;
  to: number;
  hold: ReturnType<typeof setTimeout> | undefined;
}

/**
 * Moves the children of a row by mouse, pen or finger. Native drag and drop knows no touch. `move` is called with
 * the positions when one has been dropped elsewhere.
 */
export function watchTabDrag(list: HTMLElement, move: (from: number, to: number) => void): void {
  let drag: Drag | undefined;

  const begin = (): void => {
    if (!drag) return;
    drag.isActive = true;
    drag.row.setPointerCapture(drag.pointerId);
    drag.row.classList.add('dragged');
  };

  const end = (): void => {
    if (!drag) return;
    clearTimeout(drag.hold);
    for (const row of drag.rows) row.style.removeProperty('transform');
    drag.row.classList.remove('dragged');
    drag = undefined;
  };

  const follow = (x: number): void => {
    if (!drag) return;
    const { row, rows, centres, from, startX } = drag;
    const by = x - startX;
    const centre = (centres[from] ?? 0) + by;
    const passed = centres.filter((other, index) => (index < from ? other > centre : index > from && other < centre)).length;
    drag.to = from + (by < 0 ? -passed : passed);
    for (const [index, other] of rows.entries()) {
      const gap = index > from && index <= drag.to ? -row.offsetWidth : index < from && index >= drag.to ? row.offsetWidth : 0;
      other.style.transform = other === row ? `translateX(${by}px)` : gap === 0 ? '' : `translateX(${gap}px)`;
    }
  };

  list.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || drag) return;
    const path = event.composedPath();
    const rows = [...list.children].filter((child) => child instanceof HTMLElement);
    const from = rows.findIndex((row) => path.includes(row));
    const row = rows[from];
    if (!row || path.some((target) => target instanceof HTMLButtonElement)) return;
    const centres = rows.map((other) => other.getBoundingClientRect()).map(({ left, width }) => left + width / 2);
    const hold = event.pointerType === 'mouse' ? undefined : setTimeout(begin, HOLD_MS);
    drag = { row, rows, centres, from, startX: event.clientX, pointerId: event.pointerId, isActive: false, to: from, hold };
  });

  list.addEventListener('pointermove', (event) => {
    if (!drag || event.pointerId !== drag.pointerId) return;
    const isFar = Math.abs(event.clientX - drag.startX) > SLOP_PX;
    if (!drag.isActive && isFar && drag.hold === undefined) begin();
    else if (!drag.isActive && isFar) return end();
    if (drag?.isActive) follow(event.clientX);
  });

  list.addEventListener('pointerup', () => {
    if (!drag) return;
    const { isActive, from, to } = drag;
    end();
    if (!isActive) return;
    // The click that follows belongs to the drag, not to the link under it.
    const swallow = (click: Event): void => {
      click.preventDefault();
      click.stopPropagation();
    };
    list.addEventListener('click', swallow, { capture: true });
    setTimeout(() => list.removeEventListener('click', swallow, { capture: true }));
    if (to !== from) move(from, to);
  });

  list.addEventListener('pointercancel', end);
  // The browser must neither scroll nor offer the link's menu under a finger that drags.
  const keep = (event: Event): void => {
    if (drag?.isActive) event.preventDefault();
  };
  list.addEventListener('touchmove', keep, { passive: false });
  list.addEventListener('contextmenu', keep);
  list.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') end();
  });
}
