/** Files from the server of an account that was left: its cookie still opens it, or the key that this browser has of it does. */
import { looksOf } from '#features/pictures/looks-of.ts';
import { fetchBytes } from '#platform/fetch-bytes.ts';
import { fetchTransport } from '#platform/fetch-transport.ts';
import { roomForFiles } from '#platform/room.ts';
import { systemClock, webLocks } from '#platform/system.ts';
import type { FetchFormer } from '#store/accounts/bring-files-runner.ts';
import type { BlobStore } from '#store/blob-store.ts';
import type { Workspace } from '#store/workspace.ts';
import { enterAccount } from '#sync/enter.ts';
import { createFormerBlobs } from '#sync/former-blobs.ts';

export const openFormer = ({ row, isSyncOn }: Workspace, into: BlobStore): FetchFormer =>
  createFormerBlobs({
    workspaceId: row.id,
    accountId: row.accountId,
    into,
    transport: fetchBytes,
    locks: webLocks,
    clock: systemClock,
    looksOf,
    isOn: isSyncOn,
    room: roomForFiles,
    enter: row.accountKey === '' ? null : () => enterAccount(fetchTransport, row),
  });
