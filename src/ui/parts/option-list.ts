/** The keys of a list of options under a field (the combobox pattern of ARIA). */

/**
 * Where a key leads from option `at` of `length`: the arrows go round, Page Up and Page Down go `page` options and stop at
 * the ends. Undefined for every other key, and where there are no options.
 */
export function nextOption(key: string, at: number, length: number, page: number): number | undefined {
  if (length === 0) return undefined;
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % length;
    case 'ArrowUp':
      return (at - 1 + length) % length;
    case 'PageDown':
      return Math.min(at + page, length - 1);
    case 'PageUp':
      return Math.max(at - page, 0);
    default:
      return undefined;
  }
}
