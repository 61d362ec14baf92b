/** Models look at no more than about this many pixels along an edge. */
const MAX_EDGE_PX = 1568;
/** Of one picture, as characters of its data URL; a larger one is encoded anew. */
const MAX_IMAGE_CHARS = 1_500_000;
const QUALITIES = [0.85, 0.7, 0.5];
const PASSED_AS_IT_IS = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif']);

/** A picture as servers take it, scaled where it is larger than models look at; null where this browser cannot read it. */
export async function pictureForModel(
  bytes: Blob,
  { width, height }: { readonly width: number | null; readonly height: number | null },
): Promise<string | null> {
  const isSmall = Math.max(width ?? 0, height ?? 0) <= MAX_EDGE_PX && bytes.size < MAX_IMAGE_CHARS;
  const whole = PASSED_AS_IT_IS.has(bytes.type) && isSmall ? await toDataUrl(bytes) : null;
  if (whole !== null && whole.length <= MAX_IMAGE_CHARS) return whole;
  try {
    const bitmap = await createImageBitmap(bytes);
    const scale = Math.min(1, MAX_EDGE_PX / Math.max(bitmap.width, bitmap.height));
    const canvas = new OffscreenCanvas(
      Math.max(1, Math.round(bitmap.width * scale)),
      Math.max(1, Math.round(bitmap.height * scale)),
    );
    const context = canvas.getContext('2d');
    // JPEG knows no transparency: what was clear becomes white, not black.
    if (context) context.fillStyle = 'white';
    context?.fillRect(0, 0, canvas.width, canvas.height);
    context?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    for (const quality of QUALITIES) {
      const data = await toDataUrl(await canvas.convertToBlob({ type: 'image/jpeg', quality }));
      if (data.length <= MAX_IMAGE_CHARS) return data;
    }
    return null;
  } catch {
    return null;
  }
}

async function toDataUrl(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const pieces: string[] = [];
  // So many arguments at once are within what a call takes, and a multiple of three needs no padding in between.
  for (let at = 0; at < bytes.length; at += 24_576) pieces.push(btoa(String.fromCharCode(...bytes.subarray(at, at + 24_576))));
  return `data:${blob.type};base64,${pieces.join('')}`;
}
