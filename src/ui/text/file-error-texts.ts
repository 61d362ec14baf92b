/** The words of files that cannot be added, or not as pictures. */
import { byteText } from './byte-text.ts';
import type { ErrorTexts } from './error-types.ts';

/** Of a picture that is kept as a file: what follows from it, and what is still in it. */
const asFile = (locationKept: boolean): string =>
  `It is kept as a file, to be downloaded and opened elsewhere.${locationKept ? ' What it says of place and camera is still in it: remove it before you share it.' : ''}`;

export const fileErrorTexts = {
  FileEmpty: () => ({
    title: 'This file is empty',
    advice: 'There is nothing in it to keep. If it is a folder, choose the files in it instead; else look at the original.',
    action: 'none',
  }),
  FileTooLarge: ({ bytes, limitBytes }) => ({
    title: `This file is too large (${byteText(bytes)})`,
    advice: `A file may have ${byteText(limitBytes)} at most. Make it smaller or split it, or keep it elsewhere and write its address here.`,
    action: 'none',
  }),
  FileUnreadable: () => ({
    title: 'This file cannot be read',
    advice: 'It was moved or changed, another program holds it, or it is a folder. Choose it once more, or add a copy of it.',
    action: 'none',
  }),
  PrepareFailed: () => ({
    title: 'The file could not be prepared',
    advice: 'Nothing was added, and the original is untouched. Try again; if this stays, reload the page.',
    action: 'retry',
  }),
  PrepareStopped: () => ({
    title: 'You stopped this file',
    advice: 'Nothing of it was added. Choose it again if you want it after all.',
    action: 'none',
  }),
  PictureUnreadable: ({ locationKept }) => ({
    title: 'This picture cannot be shown',
    advice: `It is damaged, or of a form that this browser does not know. ${asFile(locationKept)}`,
    action: 'none',
  }),
  PictureTooLarge: ({ width, height, locationKept }) => ({
    title: `This picture is too large to show (${width} × ${height})`,
    advice: `It would take more memory than many devices have. ${asFile(locationKept)} To see it here, add a smaller version.`,
    action: 'none',
  }),
  PictureForeign: ({ locationKept }) => ({
    title: 'This browser does not show HEIC pictures',
    advice: `${asFile(locationKept)} To see it here, add it as JPEG: a phone can be set to take its photos so.`,
    action: 'none',
  }),
} satisfies Partial<ErrorTexts>;
