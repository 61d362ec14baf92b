import { recordOf } from '#core/json-shape.ts';

/** How many members the objects in a value have, at every depth. */
export function countMembers(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + countMembers(item), 0);
  const members = Object.values(recordOf(value) ?? {});
  return members.reduce((sum: number, member) => sum + countMembers(member), members.length);
}

/** The first name that an object in a sound JSON text has twice; null where there is none. The parser takes the last and says nothing. */
export function findDuplicateKey(json: string): string | null {
  const open: (Set<string> | null)[] = [];
  let last = '';
  for (let at = 0; at < json.length; at++) {
    const sign = json[at];
    if (sign === '"') {
      const end = endOfText(json, at);
      last = json.slice(at, end);
      at = end - 1;
    } else if (sign === ':') {
      const names = open.at(-1);
      const name = String(JSON.parse(last));
      if (names?.has(name)) return name;
      names?.add(name);
    } else if (sign === '{' || sign === '[') open.push(sign === '{' ? new Set() : null);
    else if (sign === '}' || sign === ']') open.pop();
  }
  return null;
}

/** Where the string that opens at `open` ends. By hand: an expression over a string of some megabytes overflows the stack. */
function endOfText(json: string, open: number): number {
  for (let at = open + 1; at < json.length; at++) {
    if (json[at] === '\\') at++;
    else if (json[at] === '"') return at + 1;
  }
  return json.length;
}
