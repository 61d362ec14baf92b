/** Pictures in the Markdown of an answer. */

/** A picture of its own, with the words that all have which a model has made. */
export const separatePicture = (address: string): string => `\n\n![Generated image](${address})\n\n`;

/** A picture in Markdown: what comes before its address, and that. */
const PICTURE = /(!\[[^\]\n]{0,500}\]\()(https?:\/\/[^\s()<>]{1,2000}|\/[^\s()<>/][^\s()<>]{0,2000})(?=[\s)])/g;

/** So many pictures of one answer are fetched at most. */
const MAX_FETCHED = 20;

/** The addresses of pictures in a text that name no file of this device: on a server, with or without its host. Linear in its length. */
export function imageAddresses(text: string): readonly string[] {
  if (!text.includes('![')) return [];
  return [...new Set(Array.from(text.matchAll(PICTURE), ([, , address = '']) => address))].slice(0, MAX_FETCHED);
}

/** The text with other addresses for the pictures of these. */
export const replaceAddresses = (text: string, found: ReadonlyMap<string, string>): string =>
  text.replace(
    PICTURE,
    (whole, before: string, address: string) => `${before}${found.get(address) ?? whole.slice(before.length)}`,
  );
