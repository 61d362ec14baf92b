import type { BackupRecord } from '#backup/format/record.ts';
import { type EntityDeclaration, parentNamed } from '#core/entity.ts';
import { childKinds, type DocumentKind } from '#entities/documents.ts';

/** Code units of children that are in memory at once. */
const HELD = 32 * 1024 * 1024;

export interface WithChildren {
  readonly record: BackupRecord;
  /** The Markdown of its children, in their order. */
  readonly children: readonly string[];
}

/**
 * Every document of a kind, with the text of its children: the chats with their messages. Records lie by kind, so `records` is read once to weigh them, and
 * once more for each `held` code units of their text.
 */
export async function* withChildren(
  declaration: DocumentKind,
  records: () => AsyncIterable<BackupRecord>,
  held = HELD,
): AsyncGenerator<WithChildren> {
  const kinds = childKinds(declaration.kind);
  if (kinds.length === 0) {
    for await (const record of records()) if (record.kind === declaration.kind) yield { record, children: [] };
    return;
  }
  for (const group of await groupByWeight(declaration.kind, kinds, records, held)) {
    const documents: BackupRecord[] = [];
    const children = new Map<string, { readonly text: string; readonly at: number }[]>();
    for await (const record of records()) {
      if (record.kind === declaration.kind && group.has(record.id)) documents.push(record);
      const child = kinds.find(({ kind }) => kind === record.kind);
      const parent = parentNamed(child, record.fields)?.[1];
      if (!child || !parent || !group.has(parent)) continue;
      const order = child.orderField === undefined ? 0 : record.fields[child.orderField];
      const text = child.markdown?.(record.fields) ?? '';
      const list = children.get(parent) ?? [];
      list.push({ text, at: typeof order === 'number' ? order : 0 });
      children.set(parent, list);
    }
    for (const record of documents) {
      const parts = (children.get(record.id) ?? []).sort((a, b) => a.at - b.at);
      yield { record, children: parts.map(({ text }) => text) };
    }
  }
}

/** The ids of the documents, in groups whose children are not too long to be held. */
async function groupByWeight(
  kind: string,
  kinds: readonly EntityDeclaration[],
  records: () => AsyncIterable<BackupRecord>,
  held: number,
): Promise<readonly ReadonlySet<string>[]> {
  const weights = new Map<string, number>();
  for await (const record of records()) {
    if (record.kind === kind) weights.set(record.id, weights.get(record.id) ?? 0);
    const child = kinds.find((one) => one.kind === record.kind);
    const parent = parentNamed(child, record.fields)?.[1];
    if (parent) weights.set(parent, (weights.get(parent) ?? 0) + JSON.stringify(record.fields).length);
  }
  const groups: Set<string>[] = [];
  let room = 0;
  for (const [id, weight] of weights) {
    if (groups.length === 0 || weight > room) {
      groups.push(new Set());
      room = held;
    }
    groups.at(-1)?.add(id);
    room -= weight;
  }
  return groups;
}
