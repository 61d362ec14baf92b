/** The ways into an account: by its recovery code, by name and password, and the setting of these. */
import { html, nothing, type TemplateResult } from 'lit';
import type { App, Opened } from '#app/app.ts';
import { ok, type Result } from '#core/result.ts';
import type { UiError } from '#ui/text/error-types.ts';
import { isolate } from '#ui/text/isolate.ts';
import type { AccountFormSpec } from './account-form.ts';

/** NIST SP 800-63B asks for at least eight characters where a password is the only factor. */
const MIN_CHARS = 8;

/** Opens the account of a recovery code in this browser. `hasWork`: there is something here of which the person decides what becomes. */
export const codeForm = ({ account }: Pick<App, 'account'>, hasWork = true): AccountFormSpec => ({
  label: 'Enter with the recovery code',
  fields: html`<label class="field wide">
      Recovery code
      <textarea name="code" rows="3" required autocomplete="off" autocapitalize="none" spellcheck="false" translate="no"
        placeholder="24 words, with spaces between them"></textarea>
    </label>
    ${hasWork ? joinChoice : nothing}`,
  submit: 'Open with the code',
  working: 'Opening…',
  run: async (data) => openedText(await account.enterByCode(textOf(data, 'code'), joinOf(data))),
});

/** Opens an account by its name and password in this browser. `hasWork` as in `codeForm`. */
export const signInForm = ({ account }: Pick<App, 'account'>, hasWork = true): AccountFormSpec => ({
  label: 'Sign in',
  fields: html`<label class="field">Name<input name="name" required autocomplete="username" autocapitalize="none" spellcheck="false" /></label>
    <label class="field">Password<input name="password" type="password" required autocomplete="current-password" /></label>
    ${hasWork ? joinChoice : nothing}`,
  submit: 'Sign in',
  working: 'Signing in…',
  run: async (data) => openedText(await account.signIn(textOf(data, 'name'), textOf(data, 'password'), joinOf(data))),
});

/** The second way in: a name and a password for the account of this device. `name` is the present one. */
export const passwordForm = ({ account }: Pick<App, 'account'>, name: string): AccountFormSpec => ({
  label: 'Set name and password',
  fields: html`<label class="field">Your name<input name="name" required autocomplete="username" autocapitalize="none" spellcheck="false" value=${name} /></label>
    <label class="field">New password<input name="password" type="password" required minlength=${MIN_CHARS} autocomplete="new-password" aria-describedby="rule" /></label>
    <p class="hint" id="rule">At least ${MIN_CHARS} characters. It never leaves this device; without it and without the code nobody can help you in.</p>`,
  submit: 'Set name and password',
  working: 'Setting…',
  async run(data) {
    const set = await account.setPassword(textOf(data, 'name').trim(), textOf(data, 'password'));
    return set.ok ? ok('Set. You can sign in with them on any device.') : set;
  },
});

/** What this device, now called `name`, is called where the account's devices are listed. */
export const deviceForm = ({ account }: Pick<App, 'account'>, name: string): AccountFormSpec => ({
  label: 'Name this device',
  fields: html`<label class="field">Name of this device<input name="device" dir="auto" autocomplete="off" value=${name} aria-describedby="empty" /></label>
    <p class="hint" id="empty">Your other devices see it in lists and messages. Leave it empty to name the browser and the system.</p>`,
  submit: 'Save name',
  working: 'Saving…',
  async run(data) {
    const named = await account.renameDevice(textOf(data, 'device'));
    return named.ok ? ok(`This device is called ${isolate(account.current.value.deviceName)}.`) : named;
  },
});

/** What becomes of the work already on this device when another account is opened. */
const joinChoice: TemplateResult = html`<fieldset>
  <legend>The work already in this browser</legend>
  <label class="choice">
    <input type="radio" name="join" value="bring" checked aria-describedby="bring" />
    Bring it along
  </label>
  <p class="hint" id="bring">Both become one. A note that is in both is merged; where both changed the same words the newer ones stay, and the others are kept in the merge log.</p>
  <label class="choice">
    <input type="radio" name="join" value="apart" aria-describedby="apart" />
    Keep it apart
  </label>
  <p class="hint" id="apart">It stays in this browser, in its own account. You can open that again here, under <em>Accounts in this browser</em>.</p>
</fieldset>`;

const joinOf = (data: FormData): 'bring' | 'apart' => (data.get('join') === 'apart' ? 'apart' : 'bring');

const textOf = (data: FormData, name: string): string => String(data.get(name) ?? '');

function openedText(opened: Result<Opened, UiError>): Result<string, UiError> {
  if (!opened.ok) return opened;
  return ok(
    opened.value === 'open' ? 'The account is open.' : 'Your work is on its way. The account opens when all of it is there.',
  );
}
