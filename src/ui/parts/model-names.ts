import type { ModelEntry } from '#features/chat/model-list.ts';
import { byteText } from '#ui/text/byte-text.ts';

/** What a field for a model shows where none is chosen, and none has answered yet. */
export const FIRST_MODEL = 'First model of the server';

/** The models in the order of a menu: those used last first, then as the server gives them. Each word of `query` must occur. */
export function orderModels(models: readonly ModelEntry[], recent: readonly string[], query: string): readonly ModelEntry[] {
  const used = recent.flatMap((name) => models.find((model) => isSameModel(model.name, name)) ?? []);
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return [...new Set([...used, ...models])].filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
}

/** What is said beside a model's name: its size where the server tells it, when it is for another use, that it was used lately. */
export function modelAside({ name, forChats, bytes }: ModelEntry, recent: readonly string[]): string {
  const parts = [
    bytes === null ? '' : byteText(bytes),
    forChats ? '' : 'for another use',
    recent.some((used) => isSameModel(name, used)) ? 'used lately' : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** Servers answer with a longer or a shorter name of the same model: with its version, its maker or its folder. */
export function isSameModel(chosen: string, answered: string): boolean {
  const [one, other] = [chosen, answered].map((name) => name.slice(name.lastIndexOf('/') + 1).toLowerCase()) as [string, string];
  return one.startsWith(other) || other.startsWith(one);
}
