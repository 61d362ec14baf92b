import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { App } from '#app/app.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { type FormState, formMessage } from './form-state.ts';
import { joinChoice, joinOf, openedText } from './join-choice.ts';
import { sectionStyles } from './section-styles.ts';

/** Opens the account of a recovery code in this browser. */
@customElement('code-form')
export class CodeForm extends LitElement {
  static override styles = [baseStyles, controlStyles, sectionStyles];

  @property({ attribute: false }) app!: App;
  @state() private form: FormState = { type: 'idle' };

  override render(): TemplateResult {
    const working = this.form.type === 'working';
    return html`<form aria-label="Enter with the recovery code" @submit=${this.enter}>
      <label class="field wide">
        Recovery code
        <textarea name="code" rows="3" required autocomplete="off" autocapitalize="none" spellcheck="false" translate="no"
          placeholder="24 words, with spaces between them"></textarea>
      </label>
      ${joinChoice()}
      <button ?disabled=${working}>${working ? 'Opening…' : 'Open with the code'}</button>
      ${formMessage(this.form)}
    </form>`;
  }

  private readonly enter = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const code = String(new FormData(form).get('code') ?? '');
    this.form = { type: 'working' };
    const result = await this.app.account.enterByCode(code, joinOf(form));
    this.form = result.ok ? { type: 'done', text: openedText(result.value) } : { type: 'failed', error: result.error };
  };
}
