import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { documentKinds } from '#entities/documents.ts';
import { observe } from '#ui/controllers/observer.ts';
import { homePath, panelOf } from '#ui/panels/index.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import './account-form.ts';
import './enter-folder.ts';
import { codeForm, signInForm } from './account-forms.ts';

/** The way in for who has work elsewhere: by recovery code, or by name and password. Where nothing is here, nothing is asked about it. */
@customElement('enter-page')
export class EnterPage extends AppPart {
  static override styles = [
    sectionStyles,
    css`
      :host {
        max-inline-size: 40rem;
        margin-inline: auto;
        padding: var(--space-6) var(--space-5) var(--space-8);
      }
    `,
  ];

  /** The account was opened a moment ago, in a browser in which there had been work. */
  @property({ type: Boolean }) isIn = false;
  /** Whether there is a document here, in the bin or not. Until that is known, as if there were. */
  @state() private hasWork = true;

  private readonly undecided = observe(this, () => this.app?.start.isUndecided);

  override firstUpdated(): void {
    void panelOf('backups')?.load();
    void this.look();
  }

  override render(): TemplateResult {
    return html`
      <div class="head">
        <a class="button quiet square" href=${homePath} aria-label="Back">${icon('arrow-left')}</a>
        <h2>I already have work</h2>
      </div>
      ${this.isIn ? html`<p>Your account is open: what its server has is here, or on its way. If something is missing, it may be in a backup, or in another account.</p><div class="row"><a class="button primary" href=${homePath}>To your notes</a></div>` : html`<p>Your work is where you wrote it and on its server. Enter here in one of these ways, and it comes to this browser.</p>`}
      ${this.choice()}
      <lost-work></lost-work>
      ${this.isIn ? html`<server-copies></server-copies>` : nothing}
      <section class="card" aria-labelledby="code">
        <h3 id="code">With the recovery code</h3>
        <p class="hint">24 words. In the other browser: Settings, Account, <em>Show the recovery code</em>.</p>
        <account-form .spec=${codeForm(this.app, this.hasWork)}></account-form>
      </section>
      <section class="card" aria-labelledby="sign-in">
        <h3 id="sign-in">With name and password</h3>
        <account-form .spec=${signInForm(this.app, this.hasWork)}></account-form>
      </section>
      ${this.isIn ? nothing : html`<server-copies></server-copies>`}
      <section class="card" aria-labelledby="folder">
        <h3 id="folder">From a folder of backups</h3>
        <p class="hint">The one that was chosen under <em>Backups</em>, on this computer, a stick or in Dropbox. It asks no server; what is here is kept, and merged with it.</p>
        <enter-folder></enter-folder>
      </section>
      <section class="card" aria-labelledby="backup">
        <h3 id="backup">From a backup file</h3>
        <p class="hint">One that you have downloaded from Holdfast. You see what is in it before anything is written.</p>
        <a class="button" href="/backups/file">${icon('archive-restore')}Restore from a file</a>
      </section>
    `;
  }

  /** After a start without anything: the answer that this is how to go on. */
  private choice(): TemplateResult | typeof nothing {
    if (!this.undecided.value) return nothing;
    return html`<section class="card" aria-labelledby="choice">
      <h3 id="choice">What you had in this browser is not here any more</h3>
      <p>Bring it back in as many of these ways as you like: what comes is joined with what you have written since. Nothing is sent from here, and no backup is removed, before you press the button.</p>
      <div class="row"><button @click=${() => void this.app.start.decide()}>Go on with what is here</button></div>
    </section>`;
  }

  private async look(): Promise<void> {
    const counts = await Promise.all(
      documentKinds().flatMap(({ kind }) => (['live', 'binned'] as const).map((lifecycle) => this.app.count(kind, lifecycle))),
    );
    this.hasWork = counts.some((count) => !count.ok || count.value > 0);
  }
}
