/** What lies unfinished in each chat, where the store could not be read at first. */
import { expect, test } from 'vitest';
import type { App } from '#app/app.ts';
import { openMemoryWindows } from '#support/memory-windows.ts';
import { draftBehind, NEW_CHAT, openChatDrafts, restOfDraft } from '#ui/panels/chats/chat-drafts.ts';

const DEVICE = '0198c0de-0000-7000-8000-00000000d001';
const CHAT = '0198c0de-0000-7000-8000-00000000b001';
const news = { onAdded: () => {}, onRemoved: () => {}, onRefused: () => {}, onTooMany: () => {} };

test('what is typed before the drafts have been read is kept, behind what was there', async () => {
  const { store, openWindow } = openMemoryWindows(DEVICE);
  const drafts = { [CHAT]: 'Of yesterday', [NEW_CHAT]: 'Begun' };
  await store.save({ kind: 'chat-desk', id: DEVICE, patch: { drafts }, base: {}, baseSeq: 0, saveId: 'save' });
  const { app, flush, loseReads } = openWindow();
  loseReads(4);
  // Of the app they ask only for these reads and sessions before there is a file.
  const opened = openChatDrafts(app as unknown as App, news);
  opened.setDraft(CHAT, 'Of n');
  opened.setDraft(CHAT, 'Of now');
  // Sent before it was known that something had been begun.
  opened.setDraft(NEW_CHAT, 'Quick');
  opened.setDraft(NEW_CHAT, '');
  await opened.ready;
  expect(opened.draft(CHAT)).toBe('Of yesterday\nOf now');
  expect(opened.draft(NEW_CHAT)).toBe('Begun');
  await flush();
  const kept = await store.get('chat-desk', DEVICE);
  expect(kept.ok && kept.value?.fields['drafts']).toEqual({ [CHAT]: 'Of yesterday\nOf now', [NEW_CHAT]: 'Begun' });
  opened.close();
});

test('a draft for a chat that came to exist meanwhile goes along with it', async () => {
  const { openWindow } = openMemoryWindows(DEVICE);
  const { app, loseReads } = openWindow();
  loseReads(4);
  const opened = openChatDrafts(app as unknown as App, news);
  opened.setDraft(NEW_CHAT, 'Half a thought');
  opened.adopt(CHAT);
  expect(opened.draft(CHAT)).toBe('Half a thought');
  await opened.ready;
  expect([opened.draft(CHAT), opened.draft(NEW_CHAT)]).toEqual(['Half a thought', '']);
  opened.close();
});

test('a prompt that is not committed comes before what was typed since, once', () => {
  expect(draftBehind('Tell me', 'Tell me ')).toBe('Tell me ');
  expect(draftBehind('Tell me', '')).toBe('Tell me');
  const both = draftBehind('Tell me', 'more');
  expect(both).toBe('Tell me\nmore');
  expect(draftBehind('Tell me', both)).toBe(both);
  expect(['Tell me ', both, 'other'].map((draft) => restOfDraft(draft, 'Tell me'))).toEqual(['', 'more', 'other']);
});
