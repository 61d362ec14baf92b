import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { EntitySession } from '#app/app.ts';
import type { Chats, RunningAnswer } from '#app/chat/chats.ts';
import { chat } from '#entities/chat.ts';
import { documentMarkdown } from '#entities/document-file.ts';
import { messageAsMarkdown, saidInMessage } from '#entities/message-markdown.ts';
import { pathTo, shownThread, type Turn } from '#features/chat/branches.ts';
import type { ChatMessage } from '#features/chat/chat-message.ts';
import { queryMarks } from '#features/search/query-marks.ts';
import { observe } from '#ui/controllers/observer.ts';
import { textMarks } from '#ui/controllers/text-marks.ts';
import { copyText } from '#ui/documents/document-actions.ts';
import { failedDocument, loadingDocument } from '#ui/documents/document-states.ts';
import { titleLinks } from '#ui/documents/title-links.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import '#ui/parts/find-bar.ts';
import type { FindBar } from '#ui/parts/find-bar.ts';
import { icon } from '#ui/parts/icon.ts';
import { takesFocus } from '#ui/shell/shell.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { skeletonStyles } from '#ui/styles/skeleton.ts';
import { isComposing } from '#ui/text/composing.ts';
import { type FindQuery, placesOf } from '#ui/text/find-places.ts';
import { askedElsewhere } from './asked-elsewhere.ts';
import './chat-bar.ts';
import { type ChatDrafts, NEW_CHAT } from './chat-drafts.ts';
import { type ChatMessages, watchMessages } from './chat-messages.ts';
import { chatThreadStyles } from './chat-thread-styles.ts';
import { chosenBranches } from './chosen-branches.ts';
import './message-composer.ts';
import type { MessageComposer } from './message-composer.ts';
import './message-item.ts';
import { pictureSight } from './picture-sight.ts';
import { type OpenChat, promptSender } from './prompt-sender.ts';
import type { PromptTray } from './prompt-tray.ts';
import { type ShownTurn, unfinishedPrompt, withRunning } from './running-turns.ts';
import { threadScroll } from './thread-scroll.ts';
import { unsentTexts } from './unsent-texts.ts';

/** One open chat: its bar, its messages, and where the next one is written. Fires `kept` when a fresh chat exists. */
@customElement('chat-thread')
export class ChatThread extends AppPart {
  static override styles = [baseStyles, controlStyles, skeletonStyles, chatThreadStyles];

  @property({ attribute: false }) chats!: Chats;
  @property({ attribute: false }) drafts!: ChatDrafts;
  @property({ attribute: false }) session!: EntitySession<'chat'>;
  @property({ type: Boolean }) fresh = false;
  /** The id of a message that was searched for: it is shown, whichever branch it is in. */
  @property({ attribute: false }) target = '';
  /** The words that it was searched for by. */
  @property({ attribute: false }) words = '';
  @state() private finding = false;
  @state() private found = '';
  @query('.scroller') private scroller!: HTMLElement | null;
  @query('.messages') private grown!: HTMLElement | null;
  @query('message-composer') private composer!: MessageComposer;
  @query('find-bar') private findBar!: FindBar | null;
  private messages: ChatMessages | undefined;
  private shown: EntitySession<'chat'> | undefined;
  private readonly place = threadScroll(this, {
    scroller: () => this.scroller,
    content: () => this.grown,
    keep: (place) => this.keepPlace(place),
    onGrown: () => this.marks.follow(),
  });
  private readonly branches = chosenBranches(this, {
    shell: () => this.shell,
    thread: () => this.thread(),
    chatId: () => this.shown?.id ?? '',
    keep: (ids) => this.drafts.setChosen(this.session.id, ids),
    leaveEnd: () => this.place.leaveEnd(),
  });
  private readonly marks = textMarks(this, {
    root: () => this.scroller,
    // What is folded away, and what is said about a message.
    skip: 'details, .foot, .note, .thinking, button',
    onStep: () => this.place.leaveEnd(),
  });
  private readonly unsent = unsentTexts(this, {
    drafts: () => this.drafts,
    composer: () => this.composer,
    draftKey: () => this.draftKey,
    isSending: () => this.sender.isSending(),
    shell: () => this.shell,
  });
  private readonly sender = promptSender(this, {
    open: () => this.openChat(),
    isShown: (session) => session === this.shown,
    chats: () => this.chats,
    drafts: () => this.drafts,
    composer: () => this.composer,
    shell: () => this.shell,
    unsent: () => this.unsent,
    branches: this.branches,
    place: this.place,
    onKept: () => this.dispatchEvent(new CustomEvent('kept', { bubbles: true })),
  });
  private readonly elsewhere = askedElsewhere(
    this,
    () => this.unanswered(),
    (promptId) => this.chats.isAskedElsewhere(promptId),
  );
  private readonly sight = pictureSight(this, {
    chats: () => this.chats,
    model: () => {
      const waits = this.items.value?.some((item) => item.type === 'kept' && item.attachment.isPicture);
      return waits ? this.session.fields.model : undefined;
    },
  });
  private readonly items = observe(this, () => (this.session ? this.tray.items : undefined));
  private readonly view = observe(this, () => this.session?.view);
  private readonly list = observe(this, () => this.messages?.list);
  private readonly running = observe(this, () => this.chats?.running);

  constructor() {
    super();
    observe(this, () => this.shell?.focusWish);
    titleLinks(this, { offersNew: false });
    this.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !isComposing(event) && !this.finding) this.forgetFound();
    });
  }

  override disconnectedCallback(): void {
    this.place.keep();
    this.messages?.close();
    this.messages = undefined;
    this.shown = undefined;
    super.disconnectedCallback();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (this.shown === this.session) {
      if (changed.get('fresh') === true && !this.fresh) this.drafts.adopt(this.session.id);
      return;
    }
    this.place.keep();
    this.composer?.holdBack();
    this.shown = this.session;
    this.messages?.close();
    this.messages = watchMessages(this.app, this.session.id);
    this.branches.show([]);
    this.marks.show(null);
    this.finding = false;
    this.found = '';
    void this.openPlace();
    void this.showDraft();
  }

  override updated(changed: PropertyValues<this>): void {
    if (!this.runningHere() && !this.sender.isSending()) this.afterAnswer();
    if (this.target !== '') this.showTarget();
    if ((changed.has('session') && this.fresh) || takesFocus(this.shell, this.fresh ? 'new' : this.session.id))
      this.composer.focus();
  }

  override render(): TemplateResult {
    const view = this.view.value ?? null;
    const thread = this.thread();
    const running = this.runningHere();
    return html`
      <chat-bar .chats=${this.chats} .session=${this.session} .view=${view}
        .markdown=${this.markdown} .parts=${this.messageIds()} .answeredBy=${thread.findLast(({ message }) => message.role === 'assistant')?.message.model ?? ''} @find=${this.toggleFind}></chat-bar>
      ${
        this.finding
          ? html`<find-bar label="Find in this chat" .at=${this.marks.at} .total=${this.marks.total}
            @query=${(event: CustomEvent<FindQuery>) => this.marks.show(placesOf(event.detail), true)}
            @step=${(event: CustomEvent<number>) => this.marks.step(event.detail)} @close=${this.toggleFind}></find-bar>`
          : html`<span></span>`
      }
      <div class="scroller" tabindex="0" role="region" aria-label="Conversation" @scroll=${this.place.onScroll}
        @wheel=${this.place.letGo} @touchmove=${this.place.letGo} @keydown=${this.place.letGo} @pointerdown=${this.place.letGo}
        @pointermove=${(event: PointerEvent) => event.buttons > 0 && this.place.letGo()} @dragover=${this.onDragOver} @drop=${this.onDrop}>
        ${this.content(thread)}
        ${this.place.atEnd || thread.length === 0 ? nothing : html`<div class="over"><button class="latest" title="Latest" aria-label="Latest" @click=${() => this.place.toEnd()}>${icon('chevron-down')}</button></div>`}
      </div>
      <message-composer .running=${running !== undefined || this.sender.isSending()} .readonly=${view?.readOnly ?? false} .items=${this.items.value ?? []}
        @draft=${this.onDraft}
        @files=${(event: CustomEvent<readonly File[]>) => this.tray.add(event.detail)}
        @remove-file=${(event: CustomEvent<number>) => this.tray.remove(event.detail)}
        @send=${(event: CustomEvent<string>) => void this.sender.send(event.detail)} @stop=${() => running && this.chats.stop(running.promptId)}>${this.sight.render()}</message-composer>
    `;
  }

  private content(thread: readonly Turn<ChatMessage>[]): TemplateResult {
    const list = this.list.value;
    if (list?.type === 'failed') return failedDocument(list.error, () => this.messages?.reload());
    if (list?.type !== 'read') return loadingDocument;
    if (thread.length === 0) {
      return html`<div class="first">
        ${icon('messages-square')}
        <h2>What do you want to know?</h2>
        <p>Questions and answers are kept on this device and on your server. Without a network, a prompt waits and is asked later.</p>
        <a href="/settings/model-server">Choose the model and its server</a>
      </div>`;
    }
    return html`<ol class="messages" aria-label="Messages">
      ${repeat(
        withRunning(thread, [...(this.running.value?.values() ?? [])]),
        ({ message }) => message.id,
        (turn, at) => this.turn(turn, at === thread.length - 1),
      )}
    </ol>`;
  }

  private turn({ message, siblings, running }: ShownTurn, isLast: boolean): TemplateResult {
    const isAsked = this.running.value?.has(message.id) === true;
    return html`<li>
      <message-item id=${message.id} .message=${message} .siblings=${siblings} .running=${running} .deviceId=${this.app.deviceId}
        ?found=${this.found === message.id} .elsewhere=${isLast && this.elsewhere.promptId !== '' && [message.id, message.follows].includes(this.elsewhere.promptId)} .asked=${isAsked} .settling=${this.chats.isSettling(message.id)} .unanswered=${isLast && message.role === 'user'}
        .last=${isLast} ?binned=${this.view.value?.lifecycle === 'binned'} .draft=${this.unsent.edited(message)}
        @edit=${(event: CustomEvent<string>) => this.unsent.edit(message, event.detail)} @give-up=${(event: CustomEvent<string>) => this.unsent.giveUp(message, event.detail)}
        @go-on=${() => this.sender.goOn(message)}
        @ask=${() => this.sender.askAgain(message)} @resend=${(event: CustomEvent<string>) => void this.sender.resend(message, event.detail)}
        @choose=${(event: CustomEvent<string>) => this.branches.choose(siblings, event.detail)} @copy=${() => copyText(this.shell, saidInMessage(message))}></message-item>
    </li>`;
  }

  private thread(): readonly Turn<ChatMessage>[] {
    const list = this.list.value;
    return list?.type === 'read' ? shownThread(list.messages, this.branches.ids) : [];
  }

  /** Of every branch. */
  private messageIds(): readonly string[] {
    const list = this.list.value;
    return list?.type === 'read' ? list.messages.map(({ id }) => id) : [];
  }

  private runningHere(): RunningAnswer | undefined {
    return [...(this.running.value?.values() ?? [])].find(({ chatId }) => chatId === this.session.id);
  }

  /** The prompt of an answer that has no end, or of no answer yet: another tab may be at it. */
  private unanswered(): string | undefined {
    const promptId = this.runningHere() ? undefined : unfinishedPrompt(this.thread());
    return promptId !== undefined && this.chats.isSettling(promptId) ? undefined : promptId;
  }

  private openChat(): OpenChat {
    const { session, fresh, tray, draftKey } = this;
    return { session, fresh, tray, draftKey, lastId: this.thread().at(-1)?.message.id ?? null };
  }

  private get tray(): PromptTray {
    return this.drafts.tray(this.draftKey);
  }

  private get draftKey(): string {
    return this.fresh ? NEW_CHAT : this.session.id;
  }

  /** A chat can be open before the layout has been read, which says where it was left. */
  private async openPlace(): Promise<void> {
    const { session, place } = this;
    const { layout } = this.shell;
    place.open(layout.position(session.id)?.scroll);
    await layout.read;
    const left = layout.position(session.id)?.scroll;
    if (left === undefined || session !== this.shown || !place.isAsOpened) return;
    place.open(left);
    this.requestUpdate();
  }

  private async showDraft(): Promise<void> {
    const { session } = this;
    await this.updateComplete;
    await this.drafts.ready;
    if (session !== this.shown) return;
    // What was searched for is shown already, in whichever branch it is.
    if (this.found === '') this.branches.show(this.drafts.chosen(session.id));
    // What was typed before the drafts had been read is among them.
    await this.composer.show(this.drafts.draft(this.draftKey));
  }

  private readonly onDraft = ({ detail }: CustomEvent<string>): void => {
    if (!this.finding) this.forgetFound();
    this.drafts.setDraft(this.draftKey, detail);
  };

  /** A file that is dropped over the messages goes along with the next one: the browser would leave the app for it. */
  private readonly onDragOver = (event: DragEvent): void => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault();
  };

  private readonly onDrop = (event: DragEvent): void => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    if (this.view.value?.readOnly !== true) this.tray.add(files);
  };

  /** What was written meanwhile is not for a prompt that failed. */
  private afterAnswer(): void {
    const last = this.thread().at(-1)?.message;
    if (last?.role === 'assistant' || this.chats.isAnswered(last?.id ?? '')) this.composer.sendWaiting();
    else this.composer.holdBack();
  }

  private readonly toggleFind = async (): Promise<void> => {
    this.finding = !this.finding;
    this.marks.show(null);
    this.found = '';
    if (!this.finding) this.shell.focusDocument();
    await this.updateComplete;
    if (this.finding) void this.findBar?.open();
  };

  /** The marks of a search that led here go when one writes or presses Escape. */
  private forgetFound(): void {
    this.found = '';
    this.marks.show(null);
  }

  private showFound(id: string): void {
    this.found = id;
    this.place.leaveEnd();
    void this.updateComplete.then(() => this.renderRoot.querySelector('[found]')?.scrollIntoView({ block: 'center' }));
  }

  /** Once its message is there, the address is that of the chat again: a reload goes where the person is by then. */
  private showTarget(): void {
    const list = this.list.value;
    if (list?.type !== 'read') return;
    const path = pathTo(list.messages, this.target);
    this.shell.navigate(`/chats/${this.session.id}`, { replace: true });
    if (this.words !== '') this.marks.show(queryMarks(this.words));
    if (path.length === 0) return;
    this.branches.show(path.map(({ id }) => id));
    this.showFound(this.target);
  }

  /** For the next time. */
  private keepPlace(place: number): void {
    if (!this.shown || this.shown.isUntouched || this.list.value?.type !== 'read') return;
    const known = this.shell.layout.position(this.shown.id)?.scroll;
    if (place !== known && !(known === undefined && place < 0))
      this.shell.layout.setPosition(this.shown.id, { scroll: place, caret: 0 });
  }

  private readonly markdown = (): string => {
    const shown = this.thread().map(({ message }) => messageAsMarkdown(message));
    return documentMarkdown(chat, this.session.fields, shown);
  };
}
