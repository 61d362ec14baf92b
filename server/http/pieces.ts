/**
 * A request may come in so many pieces, and one more for each so many bytes: Node takes some 4 µs for a piece of one byte. Browsers
 * send kilobytes at a time, the smallest packets of a network hold more as well.
 */
const MAX_PIECES = 20_000;
const BYTES_A_PIECE = 256;

/** Counts the pieces and bytes of one request. */
export function countPieces() {
  let pieces = 0;
  let total = 0;
  return {
    /** False once there are too many pieces for so few bytes. */
    take(bytes: number): boolean {
      pieces += 1;
      total += bytes;
      return pieces <= MAX_PIECES + total / BYTES_A_PIECE;
    },
    total: () => total,
  };
}
