/** A chat as a tree: a message `follows` the one it came after, and what follows the same one are siblings, of which one is shown. */

export interface TreeMessage {
  readonly id: string;
  readonly follows: string | null;
  readonly createdAt: number;
}

/** One shown message, with the ids of all messages that could take its place, oldest first, itself among them. */
export interface Turn<M extends TreeMessage> {
  readonly message: M;
  readonly siblings: readonly string[];
}

/**
 * The messages from the first to the last, one per place: the sibling that `chosen` names, else the newest. A message
 * whose predecessor has not arrived follows the one that was made before it, so that nothing is out of reach.
 */
export function shownThread<M extends TreeMessage>(messages: readonly M[], chosen: ReadonlySet<string>): readonly Turn<M>[] {
  const followers = groupByPredecessor(messages);
  const thread: Turn<M>[] = [];
  const seen = new Set<string>();
  for (let at: string | null = null; ; ) {
    const siblings: readonly M[] = (followers.get(at) ?? []).filter(({ id }) => !seen.has(id));
    const message: M | undefined = siblings.findLast(({ id }) => chosen.has(id)) ?? siblings.at(-1);
    if (!message) return thread;
    thread.push({ message, siblings: siblings.map(({ id }) => id) });
    for (const { id } of siblings) seen.add(id);
    at = message.id;
  }
}

/** The messages that led to `id`, itself the last of them, oldest first. Empty where there is no such message. */
export function pathTo<M extends TreeMessage>(messages: readonly M[], id: string): readonly M[] {
  const predecessors = findPredecessors(messages);
  const byId = new Map(messages.map((message) => [message.id, message]));
  const path: M[] = [];
  const seen = new Set<string>();
  for (let at: string | null = id; at !== null && !seen.has(at); at = predecessors.get(at) ?? null) {
    seen.add(at);
    const message = byId.get(at);
    if (message) path.unshift(message);
  }
  return path;
}

function groupByPredecessor<M extends TreeMessage>(messages: readonly M[]): ReadonlyMap<string | null, readonly M[]> {
  const predecessors = findPredecessors(messages);
  return Map.groupBy(inOrder(messages), ({ id }) => predecessors.get(id) ?? null);
}

function findPredecessors(messages: readonly TreeMessage[]): ReadonlyMap<string, string | null> {
  const ordered = inOrder(messages);
  const known = new Set(ordered.map(({ id }) => id));
  const found = new Map(
    ordered.map(({ id, follows }, index) => {
      if (follows === null || (known.has(follows) && follows !== id)) return [id, follows];
      return [id, ordered[index - 1]?.id ?? null];
    }),
  );
  // A ring cannot be written by this app. Where one came in all the same, its first message opens the chat.
  for (const { id } of ordered) if (leadsToItself(id, found)) found.set(id, null);
  return found;
}

function leadsToItself(id: string, predecessors: ReadonlyMap<string, string | null>): boolean {
  const seen = new Set<string>();
  for (let at = predecessors.get(id) ?? null; at !== null && !seen.has(at); at = predecessors.get(at) ?? null) {
    if (at === id) return true;
    seen.add(at);
  }
  return false;
}

/** Ids of one device sort by the time they were made. */
function inOrder<M extends TreeMessage>(messages: readonly M[]): readonly M[] {
  return [...messages].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}
