import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { EntitySession } from '#app/app.ts';
import type { Chats } from '#app/chat/chats.ts';
import { recentModels } from '#app/chat/recent-models.ts';
import type { Fields } from '#core/entity.ts';
import { openAddress } from '#core/open-address.ts';
import { err, type Result } from '#core/result.ts';
import { PROVIDER_SECRET_ID } from '#entities/secret.ts';
import type { ChatError } from '#features/chat/chat-error.ts';
import { cleanAddress, DEFAULT_ENDPOINT, parseEndpoint } from '#features/chat/endpoint.ts';
import { firstForChats, type ModelEntry } from '#features/chat/model-list.ts';
import { liveEntities } from '#ui/controllers/live-entities.ts';
import { closeSession, openLoaded } from '#ui/controllers/loaded-session.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { type Outcome, outcomeMessage, problem } from '#ui/parts/messages.ts';
import '#ui/parts/model-field.ts';
import { editSettings } from '#ui/controllers/edit-settings.ts';
import { FIRST_MODEL } from '#ui/parts/model-names.ts';
import { typedValue } from '#ui/parts/typed-value.ts';
import { formStyles } from '#ui/styles/form.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { chatErrorText } from '#ui/text/chat-error-text.ts';
import { count } from '#ui/text/time-text.ts';
import { notSaved, onlyHere } from './only-here.ts';
import { settingStyles } from './setting-styles.ts';

/** The kinds that this section writes itself; the key is the llm worker's. */
type SavedKind = 'device-settings' | 'settings';

/** Of an address that was saved with it: nobody can take it out of these. */
const EARLIER_COPIES =
  'The server, and backup files of earlier versions, may still have the address as it was: if others can read those, get a new key.';

/** Where chats are answered: address and key of this device, model of the account. */
@customElement('model-server-section')
export class ModelServerSection extends AppPart {
  static override styles = [
    sectionStyles,
    formStyles,
    settingStyles,
    css`
      label.field {
        inline-size: min(28rem, 100%);
      }

      code {
        font-family: var(--font-mono);
        font-size: 0.9em;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @state() private test: Outcome<ChatError> = { type: 'idle' };
  @state() private keyForm: Outcome<ChatError> = { type: 'idle' };
  @state() private models: readonly ModelEntry[] = [];
  @state() private recent: readonly string[] = [];
  /** Why there are no models to choose from, for as long as there are none. */
  @state() private modelState = '';
  /** Before that, what is typed would be replaced by what is read, and no journal would keep it. */
  @state() private ready = false;
  @query('#endpoint') private endpointField!: HTMLInputElement;
  @query('#key') private keyField!: HTMLInputElement;
  private readonly sessions = new Map<SavedKind, EntitySession>();
  private readonly settings = editSettings(this, () => this.app);
  private readonly entities = liveEntities(
    this,
    () => this.app,
    ({ deviceId }) => [
      ['device-settings', deviceId],
      ['secret', PROVIDER_SECRET_ID],
    ],
  );

  override connectedCallback(): void {
    super.connectedCallback();
    void this.updateComplete.then(async () => {
      await Promise.all((['device-settings', 'settings'] as const).map((kind) => this.openSession(kind)));
      this.ready = this.isConnected;
      if (this.ready) await this.openSaved();
    });
  }

  override disconnectedCallback(): void {
    for (const session of this.sessions.values()) void closeSession(session);
    this.sessions.clear();
    this.ready = false;
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const endpoint = this.text('device-settings', this.app.deviceId, 'endpoint');
    const model = this.settings.read('model');
    const keyOrigin = this.text('secret', PROVIDER_SECRET_ID, 'origin');
    const isLoading = !this.ready || !this.settings.loaded;
    const parsed = parseEndpoint(endpoint);
    const origin = parsed.ok ? parsed.value.origin : null;
    return html`
      <h2>Model server</h2>
      <section class="card" aria-labelledby="where">
        <h3 id="where">Address and model</h3>
        <p>Any server that speaks the OpenAI protocol. Without an address, a model on this machine is asked (Ollama).</p>
        <label class="field">
          Address
          <input id="endpoint" inputmode="url" autocomplete="off" autocapitalize="none" spellcheck="false"
            placeholder=${DEFAULT_ENDPOINT} ?disabled=${isLoading} ${typedValue(endpoint)} @change=${this.saveEndpoint} />
        </label>
        ${parsed.ok ? nothing : chatProblem(parsed.error)}
        <model-field .value=${model.value} placeholder=${FIRST_MODEL} ?disabled=${isLoading} .models=${this.models} .recent=${this.recent}
          state=${this.modelState} @want=${this.loadModels} @model=${this.saveModel}></model-field>
        ${onlyHere(this.settings, 'model', 'Model', model.shared === '' ? FIRST_MODEL.toLowerCase() : model.shared)}
        <p class="hint">The address is always this device's own. Each chat may have another model.</p>
        <div class="row">
          <button class="primary" ?disabled=${this.test.type === 'working'} @click=${this.runTest}>${icon('plug')}Test connection</button>
        </div>
        ${outcomeMessage(this.test, chatProblem)} ${notSaved(this.settings)}
      </section>
      <section class="card" aria-labelledby="secret">
        <h3 id="secret">API key</h3>
        ${
          keyOrigin === ''
            ? html`<p>No key is set. Models on this machine need none.</p>`
            : html`<p>A key is set for <code>${keyOrigin}</code>. It cannot be shown again.</p>`
        }
        ${keyOrigin !== '' && origin !== null && origin !== keyOrigin ? html`<p class="note">The address is now ${origin}. The key is not sent there: enter the one for this address, or remove it.</p>` : nothing}
        <form aria-label="API key" @submit=${this.saveKey}>
          <label class="field">
            ${keyOrigin === '' ? 'Key' : 'New key'}
            <input id="key" type="password" required autocomplete="off" autocapitalize="none" spellcheck="false" />
          </label>
          <div class="row">
            <button ?disabled=${this.keyForm.type === 'working' || origin === null}>${icon('key-round')}Save key</button>
            ${keyOrigin === '' ? nothing : html`<button type="button" class="danger" @click=${this.forgetKey}>Remove key</button>`}
          </div>
        </form>
        ${outcomeMessage(this.keyForm, chatProblem)}
        <p class="hint">Encrypted on this device and bound to the server's address. It is not synced, in no backup but an encrypted file that you ask for it in, and sent nowhere else.</p>
      </section>
    `;
  }

  private async openSession(kind: SavedKind): Promise<void> {
    const loaded = await openLoaded(this.app, kind, this.idOf(kind));
    if (!loaded.ok) return;
    if (this.isConnected) this.sessions.set(kind, loaded.value.session);
    else void closeSession(loaded.value.session);
  }

  /** An address that was saved before secrets were taken out of addresses has them on the server: it is saved once more. */
  private async openSaved(): Promise<void> {
    const saved = this.sessions.get('device-settings')?.fields['endpoint'];
    if (typeof saved !== 'string' || openAddress(saved).address === saved) return;
    await this.updateComplete;
    this.endpointField.value = saved;
    await this.saveEndpoint();
    if (this.keyForm.type === 'done') this.keyForm = { type: 'done', text: `${this.keyForm.text} ${EARLIER_COPIES}` };
  }

  private text(kind: string, id: string, field: string): string {
    const value = this.entities.get(kind, id)?.fields[field];
    return typeof value === 'string' ? value : '';
  }

  private readonly saveEndpoint = (): Promise<void> => {
    this.test = { type: 'idle' };
    this.models = [];
    // An address is on the server and in backups; a key is in neither.
    const { address: typed, key, hadLogin } = openAddress(this.endpointField.value.trim());
    const endpoint = parseEndpoint(typed).ok ? cleanAddress(typed) : typed;
    this.endpointField.value = endpoint;
    if (key !== null) {
      this.keyField.value = key;
      this.keyForm = { type: 'done', text: 'The key was taken out of the address. Press Save key to keep it, encrypted.' };
    } else if (hadLogin) {
      this.keyForm = { type: 'done', text: 'A name or password was taken out of the address: no request carries it.' };
    }
    return this.save('device-settings', { endpoint });
  };

  /** Whatever fails, what is waited for has an end. */
  private async withChats<T>(act: (chats: Chats) => Promise<Result<T, ChatError>>): Promise<Result<T, ChatError>> {
    try {
      return await act(await this.app.chats());
    } catch (error) {
      return err({ type: 'AskFailed', reason: String(error) });
    }
  }

  /** When somebody wants to choose one; again after another address. */
  private readonly loadModels = async (): Promise<void> => {
    if (this.models.length > 0) return;
    this.modelState = 'Asking the server for its models…';
    this.recent = await recentModels(this.app);
    const models = await this.withChats((chats) => chats.listModels());
    if (models.ok) this.models = models.value;
    this.modelState = models.ok ? 'The server offers no model' : chatErrorText(models.error).title;
  };

  private readonly saveModel = ({ detail: model }: CustomEvent<string>): Promise<void> => {
    return this.settings.read('model').overridden ? this.settings.write('model', model) : this.save('settings', { model });
  };

  /** Through a session, whose words the journal keeps: whoever changes a field and reloads at once loses nothing. */
  private async save(kind: SavedKind, patch: Fields): Promise<void> {
    const session = this.sessions.get(kind);
    if (session) {
      session.set(patch);
      return session.flush();
    }
    const saved = await this.app.patch(kind, this.idOf(kind), patch);
    if (!saved.ok) this.test = { type: 'failed', error: saved.error };
  }

  private readonly idOf = (kind: SavedKind): string => (kind === 'settings' ? this.app.settingsId : this.app.deviceId);

  private readonly runTest = async (): Promise<void> => {
    this.test = { type: 'working', text: 'Asking the server for its models…' };
    const models = await this.withChats((chats) => chats.listModels());
    if (!models.ok) {
      this.test = { type: 'failed', error: models.error };
      return;
    }
    this.models = models.value;
    const model = this.settings.read('model').value;
    const names = models.value.map(({ name }) => name);
    if (names.length === 0) this.test = { type: 'failed', error: { type: 'NoModel' } };
    else if (model !== '' && !names.includes(model))
      this.test = { type: 'failed', error: { type: 'ModelUnknown', model, message: '' } };
    else if (model === '' && !firstForChats(models.value)) this.test = { type: 'failed', error: { type: 'NoModel' } };
    else this.test = { type: 'done', text: `It works: the server offers ${count(names.length, 'model')}.` };
  };

  private readonly saveKey = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const key = this.keyField.value;
    // From here on only the worker has it.
    this.keyField.value = '';
    this.keyForm = { type: 'working', text: 'Encrypting…' };
    const saved = await this.withChats((chats) => chats.setKey(key));
    this.keyForm = saved.ok ? { type: 'done', text: 'The key is saved.' } : { type: 'failed', error: saved.error };
  };

  private readonly forgetKey = async (): Promise<void> => {
    const forgotten = await this.withChats((chats) => chats.forgetKey());
    this.keyForm = forgotten.ok ? { type: 'done', text: 'The key is removed.' } : { type: 'failed', error: forgotten.error };
  };
}

/** Here no prompt waits. */
const OFFLINE = {
  title: 'This device is offline',
  advice: 'Only a model on this machine can be reached now. Test again when the network is back.',
};

const chatProblem = (error: ChatError): TemplateResult => problem(error.type === 'Offline' ? OFFLINE : chatErrorText(error));
