/** What makes a picture of the app worthless: nothing on it, or words that nobody can read in one of its two colour schemes. */
import type { Page } from '@playwright/test';

/** Edge of the squares that are compared, in px: about a line of text. */
const CELL_PX = 16;
/** Lightness (0 to 255) between the darkest and the lightest of a square that has words, an icon or the edge of a button in it. */
const INK = 70;
/** Less than this is no word that anybody reads. */
const FAINT = 25;
/** A square of the dark picture that is lighter than this on the whole is light. */
const LIGHT = 170;

export interface PictureFaults {
  /** Share of squares with anything in them, in the light picture: a blank one has none. */
  readonly filled: number;
  /** Squares in which only one of the two pictures has words, as `x,y` in px. */
  readonly lost: readonly string[];
  /** Squares of the dark picture that are light on the whole. */
  readonly bright: readonly string[];
}

/** Compares two PNGs of the same surface, in light and in dark. `page` decodes them; what it shows is lost. */
export async function pictureFaults(page: Page, light: Buffer, dark: Buffer): Promise<PictureFaults> {
  await page.goto('about:blank');
  const cells = await page.evaluate(readCells, { pictures: [light, dark].map((png) => png.toString('base64')), cell: CELL_PX });
  const [inLight = [], inDark = []] = cells;
  if (inLight.length !== inDark.length) throw new Error('The two pictures differ in size.');
  const pairs = inLight.map((one, index) => ({ one, other: inDark[index] ?? one }));
  const isLost = (a: Cell, b: Cell): boolean => a.range >= INK && b.range < FAINT;
  return {
    filled: pairs.filter(({ one }) => one.range >= INK).length / pairs.length,
    lost: pairs.filter(({ one, other }) => isLost(one, other) || isLost(other, one)).map(({ one }) => one.at),
    bright: pairs.filter(({ other }) => other.mean > LIGHT).map(({ other }) => other.at),
  };
}

interface Cell {
  readonly at: string;
  readonly mean: number;
  readonly range: number;
}

/** Runs in the page. */
async function readCells({ pictures, cell }: { readonly pictures: readonly string[]; readonly cell: number }): Promise<Cell[][]> {
  const read = async (base64: string): Promise<Cell[]> => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const { width, height } = image;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const lightness = (x: number, y: number): number => {
      const at = (y * width + x) * 4;
      return 0.2126 * (data[at] ?? 0) + 0.7152 * (data[at + 1] ?? 0) + 0.0722 * (data[at + 2] ?? 0);
    };
    const cells: Cell[] = [];
    for (let top = 0; top + cell <= height; top += cell) {
      for (let left = 0; left + cell <= width; left += cell) {
        let [sum, low, high] = [0, 255, 0];
        for (let y = top; y < top + cell; y++) {
          for (let x = left; x < left + cell; x++) {
            const value = lightness(x, y);
            sum += value;
            low = Math.min(low, value);
            high = Math.max(high, value);
          }
        }
        cells.push({ at: `${left},${top}`, mean: sum / (cell * cell), range: high - low });
      }
    }
    return cells;
  };
  return Promise.all(pictures.map(read));
}
