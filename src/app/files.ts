/** Pictures and files beside documents, as the page sees them. */
import type { BlobHash } from '#core/blobs.ts';
import type { HoldfastError, StoreError } from '#core/errors.ts';
import type { Result } from '#core/result.ts';
import type { FileError, PictureNotice } from '#features/pictures/file-error.ts';

export interface KeptFile {
  /** With its media type. */
  readonly bytes: Blob;
  /** Media type, by its content. */
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  /** Of a picture, in px. */
  readonly width: number | null;
  readonly height: number | null;
}

export interface AddedFile {
  /** How a text refers to it (`src/core/blobs.ts`). */
  readonly reference: string;
  /** What the file was called; empty where it had no name. */
  readonly name: string;
  readonly isPicture: boolean;
  /** Media type, by its content. */
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  /** Why a picture is kept as a file, for the person to read; null where there is nothing to say. */
  readonly notice: PictureNotice | null;
}

export type AddFileError = FileError | StoreError;

export interface AddFileOptions {
  readonly signal?: AbortSignal;
  /** Called with how much of it is kept, from 0 to 1, of how many bytes. */
  readonly onProgress?: (share: number, size: number) => void;
}

export interface Files {
  /** Keeps a file on this device: pictures checked, scaled and without their place, as the settings say. Only then may a text refer to it. */
  add(file: Blob, options?: AddFileOptions): Promise<Result<AddedFile, AddFileError>>;
  /** A file as it is on this device; null where it is not. `extension` is that of its reference. */
  open(hash: BlobHash, extension: string): Promise<Result<KeptFile | null, StoreError>>;
  /** Brings a file from the server to this device. `BlobMissing`: no device has given it to the server yet. */
  fetch(hash: BlobHash, extension: string, options?: AddFileOptions): Promise<Result<KeptFile, HoldfastError>>;
  /** The small picture of a file, for lists; null where there is none on this device. */
  thumbnail(hash: BlobHash): Promise<Blob | null>;
}
