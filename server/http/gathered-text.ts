/** What is gathered of small pieces before it is kept. */
const BLOCK_BYTES = 64 * 1024;

export interface GatheredText {
  add(chunk: Buffer): void;
  /** All that came, read as UTF-8. */
  text(): string;
}

/**
 * The bytes of a request, kept in blocks. A sender may send them one at a time, and each piece that Node hands over costs some
 * 400 bytes for as long as it is kept, whatever is in it.
 */
export function gatherText(): GatheredText {
  const blocks: Buffer[] = [];
  let block = Buffer.alloc(0);
  let used = 0;
  const end = (): void => {
    if (used > 0) blocks.push(block.subarray(0, used));
    block = Buffer.alloc(0);
    used = 0;
  };
  return {
    add(chunk) {
      if (chunk.length >= BLOCK_BYTES) {
        end();
        blocks.push(chunk);
        return;
      }
      if (used + chunk.length > block.length) {
        end();
        block = Buffer.allocUnsafe(BLOCK_BYTES);
      }
      used += chunk.copy(block, used);
    },
    text() {
      end();
      return Buffer.concat(blocks).toString('utf8');
    },
  };
}
