/** Read before the first frame, which the store is too late for: the entity is the truth, this its shadow of the last visit. */
const FLAG = 'holdfast-layout';

/** What moves the page when it is known late. */
export interface LayoutHint {
  readonly sidebarCollapsed: boolean;
  readonly panelSizes: { readonly [name: string]: number };
  readonly sorts: { readonly [kind: string]: string };
}

export function readLayoutHint(): Partial<LayoutHint> {
  try {
    const { sidebarCollapsed, panelSizes, sorts } = Object(JSON.parse(localStorage.getItem(FLAG) ?? '{}'));
    return { sidebarCollapsed: sidebarCollapsed === true, panelSizes: readNumbers(panelSizes), sorts: readWords(sorts) };
  } catch {
    // Storage is switched off here: the page starts as on the first day, and is put right a moment later.
    return {};
  }
}

export function keepLayoutHint({ sidebarCollapsed, panelSizes, sorts }: LayoutHint): void {
  try {
    const hint = JSON.stringify({ sidebarCollapsed, panelSizes, sorts });
    if (localStorage.getItem(FLAG) !== hint) localStorage.setItem(FLAG, hint);
  } catch {
    // As above.
  }
}

/** The numbers of an object that anything may have written. */
export function readNumbers(value: unknown): { readonly [name: string]: number } {
  const entries = Object.entries(Object(value)).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  return Object.fromEntries(entries);
}

/** The same for its texts. */
export function readWords(value: unknown): { readonly [name: string]: string } {
  const entries = Object.entries(Object(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(entries);
}
