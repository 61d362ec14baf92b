/** The pictures and files of a prompt that is being written: those on their way to this device, and those that are here. */
import { attachmentOf } from '#app/chat/attachment-of.ts';
import type { AddedFile, AddFileError, Files } from '#app/files.ts';
import { createSource, type Observable } from '#app/observable.ts';
import type { Attachment } from '#entities/message-content.ts';

/** What a message takes. */
export const MAX_ATTACHMENTS = 20;

export type TrayItem =
  /** On its way; `share` of it is kept, from 0 to 1. */
  | { readonly type: 'adding'; readonly key: number; readonly name: string; readonly size: number; readonly share: number }
  | { readonly type: 'kept'; readonly key: number; readonly attachment: Attachment };

export interface PromptTray {
  readonly items: Observable<readonly TrayItem[]>;
  add(files: readonly File[]): void;
  /** Takes one out, and stops it where it is on its way. */
  remove(key: number): void;
  /** Puts what was kept earlier before what is there. */
  restore(attachments: readonly Attachment[]): void;
  /** Empties it for a message that is sent. Nothing is written by that. */
  take(): readonly Attachment[];
  /** Resolves when nothing is on its way. */
  settled(): Promise<unknown>;
  /** What of it is here. */
  readonly attachments: readonly Attachment[];
}

export interface PromptTrayOptions {
  readonly files: Pick<Files, 'add'>;
  /** What is to be kept for this prompt has changed. */
  readonly onChange: (attachments: readonly Attachment[]) => void;
  readonly onAdded: (file: AddedFile) => void;
  /** The person has taken it out; `undo` puts it back. */
  readonly onRemoved: (file: Attachment, undo: () => void) => void;
  /** It is not added: refused, or ended by the person. */
  readonly onRefused: (name: string, error: AddFileError) => void;
  /** These did not fit. */
  readonly onTooMany: (names: readonly string[]) => void;
}

export function createPromptTray({ files, onChange, onAdded, onRemoved, onRefused, onTooMany }: PromptTrayOptions): PromptTray {
  const items = createSource<readonly TrayItem[]>([]);
  const stops = new Map<number, AbortController>();
  const adding = new Set<Promise<void>>();
  let lastKey = 0;

  const kept = (): readonly Attachment[] => items.value.flatMap((item) => (item.type === 'kept' ? [item.attachment] : []));
  const replace = (key: number, next: TrayItem | null): boolean => {
    const at = items.value.findIndex((item) => item.key === key);
    if (at < 0) return false;
    items.set(next ? items.value.with(at, next) : items.value.toSpliced(at, 1));
    return true;
  };
  const asKept = (attachment: Attachment): TrayItem => ({ type: 'kept', key: ++lastKey, attachment });

  const addOne = async (file: File, key: number): Promise<void> => {
    const stop = new AbortController();
    stops.set(key, stop);
    const item = { type: 'adding', key, name: file.name, size: file.size } as const;
    const onProgress = (share: number): void => void replace(key, { ...item, share });
    const added = await files.add(file, { signal: stop.signal, onProgress });
    stops.delete(key);
    if (!added.ok) {
      replace(key, null);
      onRefused(file.name, added.error);
      return;
    }
    if (!replace(key, { type: 'kept', key, attachment: attachmentOf(added.value) })) return;
    onChange(kept());
    onAdded(added.value);
  };

  return {
    items,
    add(added) {
      const room = Math.max(0, MAX_ATTACHMENTS - items.value.length);
      const fresh = added.slice(0, room).map((file) => ({ file, key: ++lastKey }));
      items.set([
        ...items.value,
        ...fresh.map(({ file, key }) => ({ type: 'adding', key, name: file.name, size: file.size, share: 0 }) as const),
      ]);
      for (const { file, key } of fresh) {
        const work: Promise<void> = addOne(file, key).finally(() => void adding.delete(work));
        adding.add(work);
      }
      if (added.length > room) onTooMany(added.slice(room).map(({ name }) => name));
    },
    remove(key) {
      stops.get(key)?.abort();
      const at = items.value.findIndex((item) => item.key === key);
      const removed = items.value[at];
      if (!removed) return;
      replace(key, null);
      onChange(kept());
      if (removed.type !== 'kept') return;
      onRemoved(removed.attachment, () => {
        if (items.value.length >= MAX_ATTACHMENTS) return;
        items.set(items.value.toSpliced(at, 0, removed));
        onChange(kept());
      });
    },
    restore(attachments) {
      items.set([...attachments.map(asKept), ...items.value].slice(0, MAX_ATTACHMENTS));
    },
    take() {
      const taken = kept();
      items.set(items.value.filter(({ type }) => type === 'adding'));
      return taken;
    },
    settled: () => Promise.all(adding),
    get attachments() {
      return kept();
    },
  };
}
