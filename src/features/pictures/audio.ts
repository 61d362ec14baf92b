/** MP3: a tag, or frames one behind the other (ISO/IEC 11172-3, 13818-3). */
import { type Bytes, hasAscii, u8 } from './bytes.ts';

/** In kilobits a second, by the index of a frame's header: MPEG 1, then MPEG 2 and 2.5, layer III. */
const KILOBITS = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
] as const;
const HERTZ = [44_100, 48_000, 32_000] as const;

/** The length of the frame whose header begins at `at`; 0 where there is none. */
function frameBytes(bytes: Bytes, at: number): number {
  const [second, third] = [u8(bytes, at + 1), u8(bytes, at + 2)];
  const [version, layer] = [(second >> 3) & 3, (second >> 1) & 3];
  if (u8(bytes, at) !== 0xff || second < 0xe0 || version === 1 || layer !== 1) return 0;
  const kilobits = KILOBITS[version === 3 ? 0 : 1][third >> 4] ?? 0;
  const hertz = (HERTZ[(third >> 2) & 3] ?? 0) / (version === 3 ? 1 : version === 2 ? 2 : 4);
  if (kilobits === 0 || hertz === 0) return 0;
  return Math.floor(((version === 3 ? 144 : 72) * 1000 * kilobits) / hertz) + ((third >> 1) & 1);
}

/** Two frames, or one that is all there is: two bytes alone are not evidence enough. */
export function isMp3(bytes: Bytes): boolean {
  if (hasAscii(bytes, 0, 'ID3') && u8(bytes, 3) < 0xff) return true;
  const first = frameBytes(bytes, 0);
  return first > 0 && (first >= bytes.length - 2 || frameBytes(bytes, first) > 0);
}
