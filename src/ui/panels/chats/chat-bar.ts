import { html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { EntitySession, EntityView } from '#app/app.ts';
import type { Chats } from '#app/chat/chats.ts';
import { recentModels } from '#app/chat/recent-models.ts';
import { err } from '#core/result.ts';
import { effectiveSetting } from '#entities/effective-settings.ts';
import type { ModelEntry } from '#features/chat/model-list.ts';
import { liveEntities } from '#ui/controllers/live-entities.ts';
import { boundText } from '#ui/documents/bound-text.ts';
import '#ui/documents/document-bar.ts';
import '#ui/documents/document-title.ts';
import '#ui/documents/tag-editor.ts';
import type { MenuItem } from '#ui/parts/action-menu.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import '#ui/parts/model-field.ts';
import { FIRST_MODEL, isSameModel } from '#ui/parts/model-names.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { chatErrorText } from '#ui/text/chat-error-text.ts';
import { chatBarStyles } from './chat-bar-styles.ts';

/** What a chat is called and how it is asked. Everything typed goes to the session at once. Fires `find`. */
@customElement('chat-bar')
export class ChatBar extends AppPart {
  static override styles = [baseStyles, controlStyles, chatBarStyles];

  @property({ attribute: false }) chats!: Chats;
  @property({ attribute: false }) session!: EntitySession<'chat'>;
  @property({ attribute: false }) view: EntityView<'chat'> | null = null;
  /** All of the chat, as it is shown. */
  @property({ attribute: false }) markdown: () => string = () => '';
  /** Ids of its messages. */
  @property({ attribute: false }) parts: readonly string[] = [];
  /** The model of the last answer that is shown; empty where there is none. */
  @property({ attribute: false }) answeredBy = '';
  @state() private models: readonly ModelEntry[] = [];
  @state() private recent: readonly string[] = [];
  /** Why there are no models to choose from, for as long as there are none. */
  @state() private modelState = '';
  private hasAsked = false;
  private readonly settings = liveEntities(
    this,
    () => this.app,
    ({ settingsId, deviceId }) => [
      ['settings', settingsId],
      ['device-settings', deviceId],
    ],
  );

  /** Another chat begins with its options folded, and asks for the models again. */
  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('session');
    if (!before || before.id === this.session.id) return;
    this.hasAsked = false;
    const options = this.renderRoot.querySelector('details');
    if (options) options.open = false;
  }

  override render(): TemplateResult {
    const { tags, model, systemPrompt } = this.session.fields;
    const general = effectiveSetting('model', {
      settings: this.settings.get('settings', this.app.settingsId)?.fields,
      deviceSettings: this.settings.get('device-settings', this.app.deviceId)?.fields,
    }).value;
    const readOnly = this.view?.readOnly ?? false;
    const hasPrompt = systemPrompt.trim() !== '';
    return html`
      <document-bar .session=${this.session} .markdown=${this.markdown} .parts=${this.parts}
        .items=${this.items}>
        <document-title slot="title" label="Chat title" placeholder="New chat" .session=${this.session} .readonly=${readOnly}></document-title>
        <button class="quiet square" aria-label="Find in this chat" title="Find in this chat" @click=${() => this.find()}>${icon('search')}</button>
        <details slot="below" @toggle=${this.loadModels}>
        <summary>
          <span class="what">${this.modelText(model || general)}${hasPrompt ? ' · with instructions' : ''}${tags.map((tag) => html`<span class="chip" dir="auto">${tag}</span>`)}</span>
          <span class="turn">${icon('chevron-down')}</span>
          <span class="visually-hidden">Model, instructions and tags</span>
        </summary>
        <div class="options">
          <model-field .value=${model} placeholder=${general || this.modelText('')} ?readonly=${readOnly} .models=${this.models} .recent=${this.recent}
            state=${this.modelState} @model=${(event: CustomEvent<string>) => this.session.set({ model: event.detail })}></model-field>
          <label class="field">
            System prompt
            <textarea dir="auto" rows="3" ?readonly=${readOnly} placeholder="How the model should answer in this chat"
              ${boundText(this.session, 'systemPrompt')}></textarea>
          </label>
          <tag-editor .tags=${tags} .readonly=${readOnly}
            @tags=${(event: CustomEvent<readonly string[]>) => this.session.set({ tags: event.detail })}></tag-editor>
        </div>
      </details>
      </document-bar>
    `;
  }

  private readonly items: readonly MenuItem[] = [
    { label: 'Model server', icon: 'plug', isKnown: true, act: () => this.shell.navigate('/settings/model-server') },
    { label: 'Find in this chat', icon: 'search', isBeside: true, words: 'search', act: () => this.find() },
  ];

  private find(): void {
    this.dispatchEvent(new CustomEvent('find'));
  }

  /** The chosen model, and the one that really answered where that is another. */
  private modelText(chosen: string): string {
    const { answeredBy } = this;
    if (chosen === '') return answeredBy || FIRST_MODEL;
    return answeredBy === '' || isSameModel(chosen, answeredBy) ? chosen : `${chosen} · answered by ${answeredBy}`;
  }

  /** The server is asked for its models when somebody wants to choose one, not with each chat. */
  private readonly loadModels = async (event: Event): Promise<void> => {
    if (this.hasAsked || !(event.target as HTMLDetailsElement).open) return;
    this.hasAsked = true;
    this.modelState = 'Asking the server for its models…';
    this.recent = await recentModels(this.app);
    const models = await this.chats
      .listModels()
      .catch((error: unknown) => err({ type: 'AskFailed', reason: String(error) } as const));
    if (models.ok) this.models = models.value;
    else this.hasAsked = false;
    this.modelState = models.ok ? 'The server offers no model' : chatErrorText(models.error).title;
  };
}
