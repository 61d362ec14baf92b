/** A ratchet: the wire changes knowingly or not at all. */
import { expect, test } from 'vitest';
import * as accounts from '#core/account-protocol.ts';
import * as backups from '#core/backup-protocol.ts';
import * as blobs from '#core/blob-protocol.ts';
import { MAX_LINEAGE } from '#core/lineage.ts';
import { paths } from '#core/paths.ts';
import * as protocol from '#core/protocol.ts';
import { PROTOCOL, seenSchema } from '#core/protocol-parts.ts';
import golden from './protocol.json' with { type: 'json' };
import { hashShape } from './shape.ts';

/** In the order of their names, as a module lists them. */
const shapes = Object.fromEntries(
  Object.entries({ ...protocol, ...accounts, ...blobs, ...backups, PROTOCOL, seenSchema, MAX_LINEAGE }).sort(([a], [b]) =>
    a < b ? -1 : 1,
  ),
);

/** Paths are made by functions: what counts is the path for known names. */
const examplePaths = Object.fromEntries(
  Object.entries(paths).map(([name, path]) => [name, typeof path === 'string' ? path : path(':a', ':b', ':c')]),
);

const known: Readonly<Record<string, readonly string[]>> = golden;

test('the shapes of the protocol are the ones recorded for its version', () => {
  const hash = hashShape({ ...shapes, paths: examplePaths });
  expect(
    known[PROTOCOL]?.at(-1),
    `src/core/protocol.ts no longer is what peers of protocol ${PROTOCOL} know.
  - Would an older peer misread the change? Raise PROTOCOL, say in CHANGELOG.md what older peers see,
    and add "${PROTOCOL + 1}": ["${hash}"] to tests/golden/protocol.json (print the hash again after raising it).
  - Is it a member that older peers simply ignore? Append "${hash}" to the list of version ${PROTOCOL}.
  Never edit or remove an entry of a released version.`,
  ).toBe(hash);
});

test('no recorded version is newer than the protocol', () => {
  expect(Math.max(...Object.keys(known).map(Number))).toBe(PROTOCOL);
});
