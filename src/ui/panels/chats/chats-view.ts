import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { Chats } from '#app/chat/chats.ts';
import { chat } from '#entities/chat.ts';
import { loadingDocument, missingCode } from '#ui/documents/document-states.ts';
import { DocumentsView, type OpenedDocument } from '#ui/documents/documents-view.ts';
import { type ChatDrafts, openChatDrafts } from './chat-drafts.ts';
import { fileNews } from './file-news.ts';

/** The chats, and the thread of the open one. */
@customElement('chats-view')
export class ChatsView extends DocumentsView<'chat'> {
  protected override readonly kind = 'chat';
  @state() private chats: Chats | 'loading' | 'failed' | undefined;
  private drafts: ChatDrafts | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.drafts?.close();
    this.drafts = undefined;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    this.drafts ??= openChatDrafts(
      this.app,
      fileNews(() => this.shell),
    );
    if (this.chats === undefined) void this.loadChats();
    super.willUpdate(changed);
  }

  protected override loadDocument(): Promise<unknown> {
    return import('./chat-thread.ts');
  }

  protected override document({ session, fresh }: OpenedDocument<'chat'>): TemplateResult {
    if (this.chats === 'failed') return missingCode(chat.nouns, () => void this.loadChats());
    if (typeof this.chats !== 'object') return loadingDocument;
    return html`<chat-thread .chats=${this.chats} .drafts=${this.drafts} .session=${session}
      .fresh=${fresh} .target=${this.route.rest[1] ?? ''} .words=${this.route.rest[2] ?? ''}></chat-thread>`;
  }

  /** Its draft is kept by itself: a second fresh chat would only be the same again. */
  protected override isEmpty(): boolean {
    return true;
  }

  private async loadChats(): Promise<void> {
    this.chats = 'loading';
    this.chats = await this.app.chats().catch(() => 'failed' as const);
  }
}
