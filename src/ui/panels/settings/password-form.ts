import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App } from '#app/app.ts';
import { observe } from '#ui/controllers/observer.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { type FormState, formMessage } from './form-state.ts';
import { sectionStyles } from './section-styles.ts';

/** NIST SP 800-63B asks for at least eight characters where a password stands alone. */
const LEAST_CHARS = 8;

/** The second way in: a name and a password for the account of this device. */
@customElement('password-form')
export class PasswordForm extends LitElement {
  static override styles = [baseStyles, controlStyles, sectionStyles];

  @property({ attribute: false }) app!: App;
  @state() private form: FormState = { type: 'idle' };
  private readonly account = observe(this, () => this.app?.account.current);

  override render(): TemplateResult {
    const name = this.account.value?.loginName ?? null;
    const working = this.form.type === 'working';
    return html`<section class="card" aria-labelledby="title">
      <h3 id="title">Name and password</h3>
      <p>${
        name === null
          ? 'A second way in, for when the recovery code is not at hand.'
          : html`You sign in as <strong>${name}</strong>. Here you change the name or the password.`
      }</p>
      <form aria-label="Set name and password" @submit=${this.save}>
        <label class="field">Your name<input name="name" required autocomplete="username" autocapitalize="none" spellcheck="false" .value=${name ?? ''} /></label>
        <label class="field">New password<input name="password" type="password" required minlength=${LEAST_CHARS} autocomplete="new-password" aria-describedby="rule" /></label>
        <p class="hint" id="rule">At least ${LEAST_CHARS} characters. It never leaves this device; without it and without the code nobody can help you in.</p>
        <button ?disabled=${working}>${working ? 'Setting…' : 'Set name and password'}</button>
        ${formMessage(this.form)}
      </form>
    </section>`;
  }

  private readonly save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const data = new FormData(form);
    this.form = { type: 'working' };
    const result = await this.app.account.setPassword(String(data.get('name')).trim(), String(data.get('password')));
    if (!result.ok) {
      this.form = { type: 'failed', error: result.error };
      return;
    }
    form.reset();
    this.form = { type: 'done', text: 'Set. You can sign in with them on any device.' };
  };
}
