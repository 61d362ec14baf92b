import type { App } from '#app/app.ts';

/** Messages that are looked at for what answered last. */
const LOOK_BACK = 60;
const MAX_RECENT = 3;

/** The models that have answered last in the chats of this account, the latest first. Empty where they cannot be read. */
export async function recentModels(app: Pick<App, 'list'>): Promise<readonly string[]> {
  const page = await app.list({ kind: 'message', limit: LOOK_BACK });
  if (!page.ok) return [];
  const answers = [...page.value.items].sort((one, other) => other.updatedAt - one.updatedAt);
  const names = answers.flatMap(({ fields: { role, model } }) => (role === 'assistant' && model !== '' ? [model] : []));
  return [...new Set(names)].slice(0, MAX_RECENT);
}
