import { err, ok, type Result } from '#core/result.ts';
import type { Attachment } from '#entities/message-content.ts';
import { MAX_IMAGE_CHARS } from '#features/chat/attachment.ts';

/** Models look at no more than about this many pixels along an edge. */
const MAX_EDGE_PX = 1568;
const QUALITIES = [0.85, 0.7, 0.5];
const PASSED_AS_IT_IS = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif']);

/** A dropped or pasted image as an attachment, made smaller where it is too large to be kept in a message. */
export async function readImageFile(file: File): Promise<Result<Attachment, { readonly reason: string }>> {
  if (!file.type.startsWith('image/')) return err({ reason: `${file.name} is no image` });
  const whole = PASSED_AS_IT_IS.has(file.type) && file.size < MAX_IMAGE_CHARS ? await toDataUrl(file) : null;
  if (whole !== null && whole.length <= MAX_IMAGE_CHARS) return ok({ name: nameOf(file), data: whole });
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, MAX_EDGE_PX / Math.max(bitmap.width, bitmap.height));
    const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
    const context = canvas.getContext('2d');
    // JPEG knows no transparency: what was clear becomes white, not black.
    if (context) context.fillStyle = 'white';
    context?.fillRect(0, 0, canvas.width, canvas.height);
    context?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    for (const quality of QUALITIES) {
      const data = await toDataUrl(await canvas.convertToBlob({ type: 'image/jpeg', quality }));
      if (data.length <= MAX_IMAGE_CHARS) return ok({ name: nameOf(file), data });
    }
    return err({ reason: `${nameOf(file)} is too large, also when made smaller` });
  } catch {
    return err({ reason: `${nameOf(file)} cannot be read as an image` });
  }
}

const nameOf = (file: File): string => file.name || 'Pasted image';

function toDataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
