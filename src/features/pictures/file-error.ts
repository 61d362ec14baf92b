/** Why a file cannot be taken, and why a picture is kept as a file. Plain data: words are in `ui/text/error-text.ts`. */

export type FileError =
  | { readonly type: 'FileEmpty' }
  | { readonly type: 'FileTooLarge'; readonly bytes: number; readonly limitBytes: number }
  /** The disk, or the program that the file came from, does not give its bytes. A folder has none either. */
  | { readonly type: 'FileUnreadable'; readonly reason: string }
  /** The worker that reads files did not start, or failed in itself. */
  | { readonly type: 'PrepareFailed'; readonly reason: string }
  /** The person's word. */
  | { readonly type: 'PrepareStopped' };

/** `locationKept`: that place and camera be removed was asked for, and could not be done. */
export type PictureNotice =
  /** It is damaged, or took the browser too long, or ended its worker. */
  | { readonly type: 'PictureUnreadable'; readonly locationKept: boolean }
  | { readonly type: 'PictureTooLarge'; readonly width: number; readonly height: number; readonly locationKept: boolean }
  /** HEIC, which this browser does not read. */
  | { readonly type: 'PictureForeign'; readonly locationKept: boolean };
