/** What becomes of a message, or of an edited prompt, that could not be sent. */
import type { ReactiveControllerHost } from 'lit';
import { expect, test } from 'vitest';
import { createSource } from '#app/observable.ts';
import { readMessage } from '#features/chat/chat-message.ts';
import type { ChatDrafts } from '#ui/panels/chats/chat-drafts.ts';
import { unsentTexts } from '#ui/panels/chats/unsent-texts.ts';
import type { Notice, Shell } from '#ui/shell/shell.ts';

const prompt = readMessage('prompt', { text: 'As it was sent', role: 'user' });

function openTexts(): {
  readonly texts: ReturnType<typeof unsentTexts>;
  readonly kept: Map<string, string>;
  readonly shown: readonly string[];
  readonly notices: readonly Notice[];
} {
  const kept = new Map<string, string>();
  const shown: string[] = [];
  const notices: Notice[] = [];
  // Of each of them only this is asked for.
  const host = { addController() {}, requestUpdate() {} } as unknown as ReactiveControllerHost;
  const drafts = {
    draft: (of) => kept.get(of) ?? '',
    setDraft: (of, text) => void kept.set(of, text),
    incoming: createSource({}),
  } satisfies Partial<ChatDrafts>;
  const texts = unsentTexts(host, {
    drafts: () => drafts as unknown as ChatDrafts,
    composer: () => ({ show: (text: string) => void shown.push(text) }) as never,
    draftKey: () => 'chat',
    isSending: () => false,
    shell: () => ({ notify: (notice: Notice) => void notices.push(notice) }) as unknown as Shell,
  });
  return { texts, kept, shown, notices };
}

test('a message that was not sent goes back before what was typed meanwhile, and into no other chat', () => {
  const { texts, kept, shown } = openTexts();
  kept.set('chat', 'First ');
  texts.putBack('First', 'chat', true);
  kept.set('chat', 'Typed meanwhile');
  texts.putBack('First', 'chat', true);
  expect(shown).toEqual(['First ', 'First\nTyped meanwhile']);
  texts.putBack('Second', 'other', false);
  expect(shown).toHaveLength(2);
  expect(kept.get('other')).toBe('Second');
});

test('an edited text is kept until it was sent', async () => {
  const { texts, kept } = openTexts();
  await texts.resend(prompt, 'Edited', async () => {
    expect([kept.get('prompt'), texts.edited(prompt)]).toEqual(['Edited', '']);
    return false;
  });
  expect(texts.edited(prompt)).toBe('Edited');
  await texts.resend(prompt, 'Edited', async () => true);
  expect([kept.get('prompt'), texts.edited(prompt)]).toEqual(['', '']);
});

test('an edit that is given up can be had back where it changed something', () => {
  const { texts, notices } = openTexts();
  texts.giveUp(prompt, 'As it was sent');
  expect(notices).toEqual([]);
  texts.giveUp(prompt, 'Edited');
  expect(texts.edited(prompt)).toBe('');
  notices[0]?.undo?.();
  expect(texts.edited(prompt)).toBe('Edited');
});
