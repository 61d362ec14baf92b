/** Where bytes lie that are not used before all of them are there: a file in OPFS, or memory in a test. */
export interface TempFiles {
  create(): Promise<TempFile>;
}

export interface TempFile {
  /** What is written to it is in the file once it is closed. */
  readonly sink: WritableStream<Uint8Array>;
  /** The bytes, after the sink was closed. They stay until `discard`. */
  finish(): Promise<Blob>;
  /** Removes the file, whatever state it is in. */
  discard(): Promise<void>;
}
