/**
 * A structured clone that nobody can change: called, it gives the row to a reader. Rows of plain data are frozen and
 * given out as they are; a row that holds what cannot be frozen (an ArrayBuffer) is cloned again for every reader.
 */
export function frozenCopy(row: object): () => object {
  if (!isPlainData(row)) {
    const kept = structuredClone(row);
    return () => structuredClone(kept);
  }
  const copy = freezeCopy(row) as object;
  return () => copy;
}

/** Copies made here: they may be shared as they are, which makes putting a row back that was read nearly free. */
const frozen = new WeakSet<object>();

function isPlainData(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'function' && typeof value !== 'symbol';
  if (frozen.has(value)) return true;
  if (Array.isArray(value)) return value.every(isPlainData);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every(isPlainData);
}

function freezeCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || frozen.has(value)) return value;
  const copy = Array.isArray(value) ? value.map(freezeCopy) : copyObject(value);
  frozen.add(Object.freeze(copy));
  return copy;
}

function copyObject(value: object): object {
  const copy: { [name: string]: unknown } = {};
  for (const [name, member] of Object.entries(value)) {
    // A member called `__proto__` is data here, not a prototype: assigning would lose it.
    if (name === '__proto__') Object.defineProperty(copy, name, { value: freezeCopy(member), enumerable: true });
    else copy[name] = freezeCopy(member);
  }
  return copy;
}
