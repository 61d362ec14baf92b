import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App, EntitySession } from '#app/app.ts';
import type { Chats } from '#app/chat/chats.ts';
import { lazyElement } from '#ui/controllers/lazy-element.ts';
import { observe } from '#ui/controllers/observer.ts';
import { cssProperties } from '#ui/css-properties.ts';
import { errorText } from '#ui/error-text.ts';
import { icon } from '#ui/icon.ts';
import '#ui/parts/size-handle.ts';
import { createDocumentDoor, type DocumentDoor, followDoor, type OpenDocument, openPlace } from '#ui/open-document.ts';
import type { Route } from '#ui/router.ts';
import type { Shell } from '#ui/shell.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { listAndDocumentStyles } from '#ui/styles/list-and-document.ts';
import { skeletonStyles } from '#ui/styles/skeleton.ts';
import { type ChatDesk, openChatDesk } from './chat-desk.ts';
import { type ChatFeed, createChatFeed } from './chat-feed.ts';
import './chat-list.ts';
import { chatsViewStyles } from './chats-view-styles.ts';

/** The list's width in px: as wide as a title needs, as narrow as it stays useful. */
const LIST_PX = { initial: 280, least: 200, most: 480 };

/** The chats: the list at the side, the open chat beside it. On a phone one of the two. */
@customElement('chats-view')
export class ChatsView extends LitElement {
  static override styles = [baseStyles, controlStyles, skeletonStyles, listAndDocumentStyles, chatsViewStyles];

  @property({ attribute: false }) app!: App;
  @property({ attribute: false }) shell!: Shell;
  @property({ attribute: false }) route!: Route;
  @state() private chats: Chats | 'loading' | 'failed' | undefined;
  private feed: ChatFeed | undefined;
  private door: DocumentDoor<EntitySession<'chat'>> | undefined;
  private desk: ChatDesk | undefined;
  private stopFollowing: (() => void) | undefined;
  private readonly open = observe(this, () => this.door?.open);
  private readonly layout = observe(this, () => this.shell?.layout.view);
  private readonly thread = lazyElement(this, () => import('./chat-thread.ts'));
  private readonly bin = lazyElement(this, () => import('#ui/documents/document-bin.ts'));

  override disconnectedCallback(): void {
    this.stopFollowing?.();
    this.door?.leave();
    this.feed?.close();
    this.desk?.close();
    this.feed = this.door = this.desk = undefined;
    super.disconnectedCallback();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    this.feed ??= createChatFeed(this.app);
    this.desk ??= openChatDesk(this.app);
    this.door ??= this.createDoor();
    if (this.chats === undefined) void this.loadChats();
    if (changed.has('route')) openPlace(this.door, this.route.rest[0] ?? '');
    document.title = 'Chats – Holdfast';
  }

  override render(): TemplateResult {
    const [place = ''] = this.route.rest;
    const size = this.layout.value?.panelSizes['chats'] ?? LIST_PX.initial;
    return html`
      <div class="frame ${place === '' ? 'at-list' : 'at-document'}" ${cssProperties({ '--list': `${size}px` })}>
        <section class="list" aria-label="All chats">
          <div class="head">
            <h1>Chats</h1>
            <button class="primary" @click=${() => this.shell.navigate('/chats/new')}>${icon('plus')}New chat</button>
          </div>
          <chat-list .feed=${this.feed} .current=${place}></chat-list>
          <a class="to-bin" href="/chats/bin" aria-current=${place === 'bin' ? 'page' : nothing}>${icon('trash-2')}Bin</a>
        </section>
        <size-handle label="Width of the list" .value=${size} .least=${LIST_PX.least} .most=${LIST_PX.most}
          @size=${(event: CustomEvent<number>) => this.shell.layout.change({ panelSizes: { ...this.layout.value?.panelSizes, chats: event.detail } })}>
        </size-handle>
        <div class="content">${this.content(place)}</div>
      </div>
    `;
  }

  private content(place: string): TemplateResult {
    if (place === 'bin') {
      this.bin.load();
      if (this.bin.state === 'failed') return this.notLoaded(this.bin.retry);
      return this.bin.state === 'ready'
        ? html`<document-bin .app=${this.app} .shell=${this.shell} kind="chat" home="/chats"></document-bin>`
        : bones;
    }
    const open: OpenDocument = this.open.value ?? { type: 'none' };
    switch (open.type) {
      case 'open':
        return this.openChat(open);
      case 'loading':
        return bones;
      case 'failed': {
        const { title, advice } = errorText(open.error);
        return html`<div class="page" role="alert">
          <h2>${title}</h2>
          <p>${advice}</p>
          <button class="primary" @click=${() => this.door?.again()}>Try again</button>
        </div>`;
      }
      case 'missing':
        return html`<div class="page">
          <h2>This chat is not on this device</h2>
          <p>It may not have arrived yet: it opens here as soon as it does. Or the address has a slip in it.</p>
          <a class="button" href="/chats">All chats</a>
        </div>`;
      case 'purged':
        return html`<div class="page">
          <h2>This chat was deleted permanently</h2>
          <a class="button" href="/chats">All chats</a>
        </div>`;
      case 'none':
        return html`<div class="page quiet-page">
          ${icon('messages-square')}
          <p>Choose a chat from the list, or begin one.</p>
          <button class="primary" @click=${() => this.shell.navigate('/chats/new')}>${icon('plus')}Begin a chat</button>
        </div>`;
    }
  }

  private openChat({ session, fresh }: Extract<OpenDocument, { readonly type: 'open' }>): TemplateResult {
    this.thread.load();
    if (this.thread.state === 'failed') return this.notLoaded(this.thread.retry);
    if (this.chats === 'failed') return this.notLoaded(() => void this.loadChats());
    if (this.thread.state !== 'ready' || typeof this.chats !== 'object') return bones;
    return html`<chat-thread .app=${this.app} .shell=${this.shell} .chats=${this.chats} .desk=${this.desk} .session=${session}
      .fresh=${fresh} .sought=${this.route.rest[1] ?? ''} @kept=${() => this.keep(session.id)}></chat-thread>`;
  }

  private notLoaded(retry: () => void): TemplateResult {
    return html`<div class="page" role="alert">
      <h2>This part did not load</h2>
      <p>Your chats are safe on this device. The network may be gone before this part was kept for offline use.</p>
      <button class="primary" @click=${retry}>Try again</button>
    </div>`;
  }

  private async loadChats(): Promise<void> {
    this.chats = 'loading';
    this.chats = await this.app.chats().catch(() => 'failed' as const);
  }

  /** From its first prompt on the chat has an address and a tab that stays. */
  private keep(id: string): void {
    this.door?.keep();
    this.shell.layout.openDocument({ panel: 'chats', id });
    this.shell.navigate(`/chats/${id}`, { replace: true });
  }

  private createDoor(): DocumentDoor<EntitySession<'chat'>> {
    // Its draft is kept by itself: a second fresh chat would only be the same again.
    const door = createDocumentDoor(this.app, 'chat', () => true);
    this.stopFollowing = followDoor(this.app, this.shell, 'chats', 'chat', door);
    return door;
  }
}

const bones = html`<div class="page" aria-busy="true" aria-label="Loading">
  <span class="bone short"></span><span class="bone"></span><span class="bone long"></span>
</div>`;
