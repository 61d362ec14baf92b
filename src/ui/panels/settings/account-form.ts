import { html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Result } from '#core/result.ts';
import { errorProblem, type Outcome, outcomeMessage } from '#ui/parts/messages.ts';
import { formStyles } from '#ui/styles/form.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import type { UiError } from '#ui/text/error-types.ts';

/** A form of the account: its fields, and what it does with them. */
export interface AccountFormSpec {
  readonly label: string;
  readonly fields: TemplateResult;
  readonly submit: string;
  /** On the button while it works. */
  readonly working: string;
  /** Gives what the form says when it is done. */
  readonly run: (data: FormData) => Promise<Result<string, UiError>>;
}

/** One form of the account with its button and what came of it. It is emptied when it is done. */
@customElement('account-form')
export class AccountForm extends LitElement {
  static override styles = [sectionStyles, formStyles];

  @property({ attribute: false }) spec!: AccountFormSpec;
  @state() private outcome: Outcome = { type: 'idle' };

  override render(): TemplateResult {
    const { label, fields, submit, working } = this.spec;
    const isWorking = this.outcome.type === 'working';
    return html`<form aria-label=${label} @submit=${this.submit}>
      ${fields}
      <button ?disabled=${isWorking}>${isWorking ? working : submit}</button>
      ${outcomeMessage(this.outcome, errorProblem)}
    </form>`;
  }

  private readonly submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    this.outcome = { type: 'working' };
    const result = await this.spec.run(new FormData(form));
    if (result.ok) form.reset();
    this.outcome = result.ok ? { type: 'done', text: result.value } : { type: 'failed', error: result.error };
  };
}
