import { definePanel } from './panel.ts';

export const panel = definePanel({
  id: 'chats',
  label: 'Chats',
  icon: 'messages-square',
  slot: 'main',
  order: 10,
  element: 'chats-view',
  load: () => import('./chats/chats-view.ts'),
  documents: 'chat',
  newWords: 'ask model',
  keys: [{ command: 'new-chat', keys: 'App+C' }],
});
