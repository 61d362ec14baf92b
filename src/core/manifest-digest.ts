import { hashText } from './hash.ts';

/**
 * The digest of a whole account, as server and device each compute it: SHA-256 over one `kind/id/version` line per
 * entity, tombstones included, in code-unit order of the lines, joined by line feeds without a last one. Two sides with
 * equal digests hold the same version of every entity.
 */
export function manifestDigest(
  entries: Iterable<{ readonly kind: string; readonly id: string; readonly version: string }>,
): string {
  return hashText(
    Array.from(entries, ({ kind, id, version }) => `${kind}/${id}/${version}`)
      .sort()
      .join('\n'),
  );
}
