/** Ids that must not be swapped: each line below fails to compile without its comment, and the comment fails where it does not. */
import { expect, test } from 'vitest';
import type { App } from '#app/app.ts';
import { type Stamp, ZERO_STAMP } from '#core/clock.ts';
import { type EntityKey, type KeyPair, keyText, splitKey } from '#core/entity-key.ts';
import { type AccountId, type DeviceId, deviceOf, type EntityId, type OpId } from '#core/ids.ts';
import { paths } from '#core/paths.ts';
import type { Op, RemoteEntity } from '#core/protocol.ts';
import type { WorkspaceRow } from '#store/schema/registry-schema.ts';
import type { EntityRow, OutboxRow } from '#store/schema/schema.ts';

interface Ids {
  readonly account: AccountId;
  readonly device: DeviceId;
  readonly entity: EntityId;
  readonly op: OpId;
  readonly stamp: Stamp;
}

/** Never run: only compiled. */
function swapped({ account, device, entity, op, stamp }: Ids, app: Pick<App, 'get'>) {
  // @ts-expect-error A device is no account.
  const one: AccountId = device;
  // @ts-expect-error An account is no device.
  const two: DeviceId = account;
  // @ts-expect-error An account is no entity.
  const three: EntityId = account;
  // @ts-expect-error An op is no entity.
  const four: EntityId = op;
  // @ts-expect-error An entity is no op.
  const five: OpId = entity;
  // @ts-expect-error A stamp is no op.
  const six: OpId = stamp;
  // @ts-expect-error An op is no stamp.
  const seven: Stamp = op;
  // @ts-expect-error An entity is no device: `deviceOf` says that it is one of a device's own.
  const eight: DeviceId = entity;
  // @ts-expect-error The two of a path, the other way round.
  paths.device(device, account);
  // @ts-expect-error An op names no entity.
  void app.get('note', op);
  // @ts-expect-error Nor does it in a key.
  const nine: EntityKey = { kind: 'note', id: op };
  // @ts-expect-error Or in a pair.
  const ten: KeyPair = ['note', stamp];
  return [one, two, three, four, five, six, seven, eight, nine, ten];
}

/** On the wire and in the rows, too. */
function swappedInRows(op: Op, remote: RemoteEntity, row: EntityRow, waiting: OutboxRow, workspace: WorkspaceRow) {
  // @ts-expect-error The entity for the op.
  const one: Op = { ...op, opId: op.id };
  // @ts-expect-error The op for the entity.
  const two: Op = { ...op, id: op.opId };
  // @ts-expect-error A device for the version.
  const three: RemoteEntity = { ...remote, version: remote.deviceId };
  // @ts-expect-error A version for the stamp.
  const four: EntityRow = { ...row, lastUpdated: row.version ?? '' };
  // @ts-expect-error The entity for the op.
  const five: OutboxRow = { ...waiting, opId: waiting.id };
  // @ts-expect-error The account for the device.
  const six: WorkspaceRow = { ...workspace, deviceId: workspace.accountId };
  return [one, two, three, four, five, six];
}

test('swapped ids do not compile', () => {
  expect([swapped, swappedInRows]).toHaveLength(2);
});

test('a text from outside is taken for any, and what belongs to a device has its id', () => {
  const device: DeviceId = '0198c0de-0000-7000-8000-00000000d001';
  const layout: EntityId = device;
  expect(deviceOf(layout)).toBe(device);
  const stamp: Stamp = '000000000-0000-00000000';
  expect(stamp).toBe(ZERO_STAMP);
});

test('a key has one text, and comes back from it', () => {
  expect(keyText({ kind: 'chat-desk', id: 'a' })).toBe('chat-desk/a');
  expect(splitKey('chat-desk/a/b')).toEqual(['chat-desk', 'a/b']);
});
