/** The menu of models: its order, what narrows it, and what is said beside a name. */
import { expect, test } from 'vitest';
import type { ModelEntry } from '#features/chat/model-list.ts';
import { modelAside, orderModels } from '#ui/parts/model-names.ts';

const entry = (name: string, bytes: number | null = null, forChats = true): ModelEntry => ({ name, forChats, bytes, sees: null });
const models = [entry('zephyr:7b', 4_100_000_000), entry('all-minilm:latest', null, false), entry('llama3.2:3b'), entry('qwen')];
const names = (found: readonly ModelEntry[]): readonly string[] => found.map(({ name }) => name);

test('the models used last come first, the others in the order of the server, each once', () => {
  expect(names(orderModels(models, [], ''))).toEqual(['zephyr:7b', 'all-minilm:latest', 'llama3.2:3b', 'qwen']);
  // A server answers under a longer name than that in its list, or a shorter one.
  expect(names(orderModels(models, ['qwen', 'meta/llama3.2:3b-instruct', 'gone'], ''))).toEqual([
    'qwen',
    'llama3.2:3b',
    'zephyr:7b',
    'all-minilm:latest',
  ]);
});

test('every word that is typed must be in the name', () => {
  expect(names(orderModels(models, [], 'LAMA 3b'))).toEqual(['llama3.2:3b']);
  expect(orderModels(models, [], 'none of these')).toEqual([]);
});

test('size, another use and a late use are said', () => {
  expect(modelAside(models[0] as ModelEntry, ['zephyr:7b'])).toMatch(/^4\.1 GB, used lately$/);
  expect(modelAside(models[1] as ModelEntry, [])).toBe('for another use');
  expect(modelAside(models[2] as ModelEntry, [])).toBe('');
});
