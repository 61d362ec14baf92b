/** What is asked of the picture worker, and what comes back. Plain data both ways. */
import type { Result } from '#core/result.ts';
import type { FileError, PictureNotice } from './file-error.ts';

export interface PrepareOptions {
  /** The longer edge of a picture at most, in pixels; null keeps its size. Moving pictures and drawings keep theirs in any case. */
  readonly maxEdge: number | null;
  /** Whether place, person and camera are taken out. The orientation and the colour profile stay. */
  readonly stripLocation: boolean;
}

/** A file in the form in which it is kept. */
export interface PreparedFile {
  /** Its `type` is the one below. */
  readonly blob: Blob;
  /** By the content. */
  readonly type: string;
  /** For `blobReference`; empty where there is none. */
  readonly extension: string;
  /** What the file was called, with another extension where it was converted; empty where it had no name. */
  readonly name: string;
  /** Whether it is shown as a picture; as a file otherwise. */
  readonly isPicture: boolean;
  /** Pixels of a picture as shown; null for all else, and for drawings (SVG), which have the size that they are given. */
  readonly width: number | null;
  readonly height: number | null;
  /** WebP or JPEG, 160 px along the longer edge, about 10 kB at most; null for all but decoded pictures. */
  readonly thumbnail: Blob | null;
  /** Why a picture is kept as a file, for the person to read; null where there is nothing to say. */
  readonly notice: PictureNotice | null;
}

export interface PictureWorkerApi {
  /** Whether the worker is there. */
  ping(): Promise<void>;
  prepare(file: Blob, options: PrepareOptions): Promise<Result<PreparedFile, FileError>>;
}
