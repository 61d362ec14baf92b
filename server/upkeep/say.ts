/** What the operators' commands print, and what they end with. */

/** Prints lines, to the errors where the command ends with 1. Gives the code. */
export function say<C extends 0 | 1>(code: C, ...lines: readonly string[]): C {
  (code === 0 ? process.stdout : process.stderr).write(`${lines.join('\n')}\n`);
  return code;
}

export const toDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
