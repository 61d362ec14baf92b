import { anthropic } from './anthropic.ts';
import { azure } from './azure.ts';
import { cohere } from './cohere.ts';
import { deepseek } from './deepseek.ts';
import { fireworks } from './fireworks.ts';
import { gateways } from './gateways.ts';
import { gemini } from './gemini.ts';
import { groq } from './groq.ts';
import { litellm } from './litellm.ts';
import { llamaCpp } from './llama-cpp.ts';
import { lmStudio } from './lm-studio.ts';
import { localAi } from './local-ai.ts';
import { mistral } from './mistral.ts';
import { ollama } from './ollama.ts';
import { openWebui } from './open-webui.ts';
import { openai } from './openai.ts';
import { openrouter } from './openrouter.ts';
import type { ServerShapes } from './shape.ts';
import { tgi } from './tgi.ts';
import { together } from './together.ts';
import { vllm } from './vllm.ts';
import { xai } from './xai.ts';

export const servers: readonly ServerShapes[] = [
  openai,
  azure,
  ollama,
  llamaCpp,
  vllm,
  lmStudio,
  litellm,
  openrouter,
  mistral,
  groq,
  gemini,
  anthropic,
  deepseek,
  together,
  fireworks,
  xai,
  cohere,
  tgi,
  localAi,
  openWebui,
  gateways,
];
