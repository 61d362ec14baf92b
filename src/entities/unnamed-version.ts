/** Of what was written down before rows named their version: the version that each kind had then, 1 where it is not listed. */
const UNNAMED: ReadonlyMap<string, number> = new Map([
  ['chat', 2],
  ['chat-desk', 2],
  ['conflict', 2],
  ['layout', 3],
  ['message', 2],
  ['settings', 2],
]);

/** The version of the fields in a row that does not name it. */
export const unnamedVersion = (kind: string): number => UNNAMED.get(kind) ?? 1;
