import { listOf, recordOf, textOf } from '#core/json-shape.ts';

/**
 * The names in an answer to `GET /models`, sorted, each once; null where it is no list of models. Besides OpenAI's
 * `{ data: [{ id }] }` some servers give a bare list, or `{ models: [{ name }] }`.
 */
export function parseModels(body: unknown): readonly string[] | null {
  const record = recordOf(body);
  const list = Array.isArray(body) ? body : (record?.['data'] ?? record?.['models']);
  if (!Array.isArray(list)) return null;
  const names = listOf(list).map((item) => {
    const { id, name, model } = recordOf(item) ?? {};
    return textOf(id) || textOf(name) || textOf(model) || textOf(item);
  });
  return [...new Set(names.filter((name) => name !== ''))].sort((a, b) => (a < b ? -1 : 1));
}
