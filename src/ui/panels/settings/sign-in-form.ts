import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App } from '#app/app.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { type FormState, formMessage } from './form-state.ts';
import { joinChoice, joinOf, openedText } from './join-choice.ts';
import { sectionStyles } from './section-styles.ts';

/** Opens an account by its name and password in this browser. */
@customElement('sign-in-form')
export class SignInForm extends LitElement {
  static override styles = [baseStyles, controlStyles, sectionStyles];

  @property({ attribute: false }) app!: App;
  @state() private form: FormState = { type: 'idle' };

  override render(): TemplateResult {
    const working = this.form.type === 'working';
    return html`<form aria-label="Sign in" @submit=${this.signIn}>
      <label class="field">Name<input name="name" required autocomplete="username" autocapitalize="none" spellcheck="false" /></label>
      <label class="field">Password<input name="password" type="password" required autocomplete="current-password" /></label>
      ${joinChoice()}
      <button ?disabled=${working}>${working ? 'Signing in…' : 'Sign in'}</button>
      ${formMessage(this.form)}
    </form>`;
  }

  private readonly signIn = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const data = new FormData(form);
    this.form = { type: 'working' };
    const result = await this.app.account.signIn(String(data.get('name')), String(data.get('password')), joinOf(form));
    this.form = result.ok ? { type: 'done', text: openedText(result.value) } : { type: 'failed', error: result.error };
  };
}
