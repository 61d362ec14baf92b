/** Pictures and files as a person brings them into a page. */
import type { Locator, Page } from '@playwright/test';

export interface BroughtFile {
  readonly name: string;
  /** What the browser declares it to be. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** A picture of stripes, drawn by the page's browser; with `noise` one that no format makes small. */
export async function drawnPicture(
  page: Page,
  width: number,
  height: number,
  type = 'image/png',
  noise = false,
): Promise<Uint8Array> {
  const base64 = await page.evaluate(
    async ([w, h, as, noisy]) => {
      const canvas = new OffscreenCanvas(w, h);
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no canvas');
      for (let x = 0; x < w; x += 8) {
        context.fillStyle = `hsl(${(x * 360) / w} 70% 50%)`;
        context.fillRect(x, 0, 8, h);
      }
      for (let y = 0; noisy && y < h; y += 200) {
        const pixels = context.getImageData(0, y, w, Math.min(200, h - y));
        crypto.getRandomValues(new Uint8Array(pixels.data.buffer, 0, 65_536));
        context.putImageData(pixels, 0, y);
      }
      const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: as })).arrayBuffer());
      let text = '';
      for (const byte of bytes) text += String.fromCharCode(byte);
      return btoa(text);
    },
    [width, height, type, noise] as const,
  );
  return Buffer.from(base64, 'base64');
}

type Way = 'paste' | 'drop';

/** Pastes or drops files onto an element, as the browser hands them over. */
export const bring = (onto: Locator, way: Way, files: readonly BroughtFile[], text?: string): Promise<void> =>
  onto.evaluate(
    (element, { way, files, text }) => {
      const data = new DataTransfer();
      for (const { name, type, base64 } of files) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        data.items.add(new File([bytes], name, { type }));
      }
      if (text !== undefined) data.setData('text/plain', text);
      const place = element.getBoundingClientRect();
      const how = { bubbles: true, cancelable: true, composed: true };
      element.dispatchEvent(
        way === 'paste'
          ? new ClipboardEvent('paste', { ...how, clipboardData: data })
          : new DragEvent('drop', { ...how, dataTransfer: data, clientX: place.x + 4, clientY: place.y + 4 }),
      );
    },
    {
      way,
      text,
      files: files.map(({ name, type, bytes }) => ({ name, type, base64: Buffer.from(bytes).toString('base64') })),
    },
  );

/** Picks files in the open note or chat, as with the browser's dialog. */
export async function pick(page: Page, files: readonly BroughtFile[]): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Add pictures or files' }).click();
  await (await chooser).setFiles(files.map(({ name, type, bytes }) => ({ name, mimeType: type, buffer: Buffer.from(bytes) })));
}
