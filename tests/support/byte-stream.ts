/** Bytes in chunks that a test chooses: cut in letters, in line ends, anywhere. */
export function cutBytes(text: string, cuts: readonly number[]): readonly Uint8Array<ArrayBuffer>[] {
  const bytes = new TextEncoder().encode(text);
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, index) => bytes.slice(from, places[index] ?? bytes.length));
}

/** A response whose body arrives in these chunks. */
export function streamedResponse(chunks: readonly Uint8Array<ArrayBuffer>[], init: ResponseInit = {}): Response {
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const chunk of chunks) if (chunk.length > 0) controller.enqueue(chunk);
      controller.close();
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' }, ...init });
}
