import { listOf, recordOf, textOf } from '#core/json-shape.ts';

/** A model that a server offers. */
export interface ModelEntry {
  readonly name: string;
  /** False where it is plainly for something else than chats: embedding, reranking, speech, images, moderation. */
  readonly forChats: boolean;
  /** Whether it takes pictures, as the server says; null where it says nothing. */
  readonly sees: boolean | null;
  /** What the server tells of its size; null where it does not. */
  readonly bytes: number | null;
}

/**
 * The models in an answer to `GET /models`, in the server's order, each once; null where it is no list of models. Besides OpenAI's
 * `{ data: [{ id }] }` some servers give a bare list, or `{ models: [{ name }] }`; an empty one may be null.
 */
export function parseModels(body: unknown): readonly ModelEntry[] | null {
  const record = recordOf(body);
  const list = Array.isArray(body) ? body : [record?.['data'], record?.['models'], record?.['result']].find(Array.isArray);
  if (!list) return isEmptyList(record) ? [] : null;
  const entries = new Map<string, ModelEntry>();
  for (const item of listOf(list)) {
    const { id, name, model } = recordOf(item) ?? {};
    const found = textOf(id) || textOf(name) || textOf(model) || textOf(item);
    if (found === '' || entries.has(found)) continue;
    entries.set(found, {
      name: found,
      forChats: isForChats(recordOf(item) ?? {}, found),
      sees: statedSight(item),
      bytes: sizeOf(item),
    });
  }
  return [...entries.values()];
}

/** The model that is asked where none was chosen: the first that is not plainly for something else. */
export const firstForChats = (models: readonly ModelEntry[]): string | undefined => models.find(({ forChats }) => forChats)?.name;

const isEmptyList = (record: { readonly [key: string]: unknown } | undefined): boolean =>
  record !== undefined &&
  (record['object'] === 'list' || record['data'] === null || record['models'] === null) &&
  (record['data'] ?? record['models'] ?? null) === null;

/** Words that occur in a name anywhere, and such that are words of their own in it. */
const OTHER_USE =
  /embed|minilm|mpnet|rerank|colbert|whisper|transcri|speech|dall-?e|stable[-_ ]?diffusion|imagen|moderation|guard|paraphrase-|musicgen|wav2vec|parakeet|midjourney|tts(?![a-z])/i;
const OTHER_WORDS = new Set(
  'bge gte e5 voyage bert roberta stt asr ocr sdxl sd3 flux image images video sora veo lyria clip siglip kokoro piper bark orpheus realtime audio babbage davinci similarity'.split(
    ' ',
  ),
);

function isForChats(model: { readonly [key: string]: unknown }, name: string): boolean {
  const stated = statedUse(model);
  if (stated !== null) return stated;
  const last = name.slice(name.lastIndexOf('/') + 1);
  return (
    !OTHER_USE.test(last) &&
    !last
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .some((word) => OTHER_WORDS.has(word))
  );
}

/** What the server itself says of a model's use, in the members that servers have for it; null where it says nothing. */
function statedUse(model: { readonly [key: string]: unknown }): boolean | null {
  const capabilities = recordOf(model['capabilities']);
  const flags = [capabilities?.['completion_chat'], capabilities?.['chat_completion'], model['supports_chat']].filter(
    (flag) => typeof flag === 'boolean',
  );
  if (flags.length > 0) return flags.includes(true);
  const endpoints = listOf(model['endpoints']).map(textOf);
  if (endpoints.length > 0) return endpoints.some((name) => /chat/.test(name));
  const output = listOf(recordOf(model['architecture'])?.['output_modalities']).map(textOf);
  if (output.length > 0) return output.includes('text');
  const type = textOf(model['type']) || textOf(model['task']);
  if (/^(chat|llm|vlm|language|text-generation|conversational|image-text-to-text|any-to-any)$/i.test(type)) return true;
  return /embed|rerank|image|audio|speech|transcri|moderation|video|tts|stt/i.test(type) ? false : null;
}

/** What a server says of the pictures that a model takes, in the members that servers have for it. */
function statedSight(item: unknown): boolean | null {
  const model = recordOf(item) ?? {};
  const capabilities = recordOf(model['capabilities']);
  const flags = [
    ...[capabilities?.['vision'], capabilities?.['image_input'], model['supports_vision'], model['supports_image_input']],
  ].filter((flag) => typeof flag === 'boolean');
  if (flags.length > 0) return flags.includes(true);
  const inputs = [
    recordOf(model['architecture'])?.['input_modalities'],
    ...[model['input_modalities'], model['supported_input_modalities'], model['modalities']],
  ].map(listOf);
  const stated = inputs.find((list) => list.length > 0)?.map(textOf);
  if (stated) return stated.some((name) => /^(image|vision)$/i.test(name));
  // llama.cpp and Ollama list what a model can do.
  const abilities = listOf(model['capabilities']).map(textOf);
  if (abilities.length > 0) return abilities.some((name) => /^(vision|multimodal|image)$/i.test(name));
  return /^(vlm|image-text-to-text|any-to-any)$/i.test(textOf(model['type']) || textOf(model['task'])) ? true : null;
}

function sizeOf(item: unknown): number | null {
  const record = recordOf(item);
  const size = record?.['size'] ?? recordOf(record?.['meta'])?.['size'];
  return typeof size === 'number' && size > 0 ? size : null;
}
