/** A ratchet: what is stored on a thousand devices changes only together with its version and a migration. */
import { describe, expect, test } from 'vitest';
import type { EntityDeclaration } from '#core/entity.ts';
import { ledger } from '#entities/index.ts';
import golden from './entities.json' with { type: 'json' };
import { hashShape } from './shape.ts';

const known: Readonly<Record<string, Readonly<Record<string, string>>>> = golden;

function hashDeclaration({ kind, version, scope, parent, appendOnly, fields }: EntityDeclaration): string {
  const stored = Object.entries(fields).map(([field, { rule, initial, secret }]) => [field, { rule, initial, secret }]);
  return hashShape({ kind, version, scope, parent, appendOnly, fields: Object.fromEntries(stored) });
}

describe.each([...ledger.values()])('$kind', (declaration) => {
  const { kind, version, migrations } = declaration;
  const versions = Array.from({ length: version }, (_, index) => index + 1);

  test('its declaration is the one recorded for its version', () => {
    const hash = hashDeclaration(declaration);
    expect(
      known[kind]?.[version],
      `The kind "${kind}" no longer is what devices with version ${version} hold (fields, rules, initial values, secrets, scope, parent).
  - Raise its version, write migrations[${version + 1}], and add the new version's hash to tests/golden/entities.json.
  - A kind that is new: add "${kind}": { "${version}": "${hash}" }.
  Never edit or remove an entry of a released version.`,
    ).toBe(hash);
  });

  test('every version up to its own is recorded, and each but the first has a migration', () => {
    expect(Object.keys(known[kind] ?? {}).map(Number)).toEqual(versions);
    expect(Object.keys(migrations).map(Number)).toEqual(versions.slice(1));
  });
});

test('no kind that was ever recorded is gone from the ledger', () => {
  expect(Object.keys(known).filter((kind) => !ledger.has(kind))).toEqual([]);
});
