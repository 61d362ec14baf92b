/** A call that may take minutes, as an element shows it: how far it is, a way to end it, and what has come of it. */
import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import type { BackupPhase, BackupProgress, BackupWatch } from '#core/backups.ts';
import type { Result } from '#core/result.ts';
import { byteText } from '#ui/text/byte-text.ts';
import type { UiError } from '#ui/text/error-types.ts';
import { amountText } from '#ui/text/time-text.ts';
import { errorProblem, type Outcome, outcomeMessage } from './messages.ts';

export interface LongCall {
  readonly isWorking: boolean;
  readonly outcome: Outcome;
  /** Makes a call, and shows it. `done` says what has come of it; null: nothing is said. One that is stopped says `stopped`. */
  run<V>(
    text: string,
    call: (watch: BackupWatch) => Promise<Result<V, UiError>>,
    words: { readonly done: (value: V) => string | null; readonly stopped: string },
  ): Promise<Result<V, UiError>>;
  /** Nothing of it is said any more. */
  clear(): void;
  /** The bar with *Cancel* while it goes on, then what has come of it. */
  render(): TemplateResult | typeof nothing;
}

/** Goes on when its element is left. */
export function longCall(host: ReactiveControllerHost): LongCall {
  let outcome: Outcome = { type: 'idle' };
  let progress: BackupProgress | null = null;
  let isStopped = false;
  let turn = 0;
  const set = (next: Outcome): void => {
    outcome = next;
    progress = null;
    host.requestUpdate();
  };
  const stop = (): void => {
    isStopped = true;
    host.requestUpdate();
  };
  return {
    get isWorking() {
      return outcome.type === 'working';
    },
    get outcome() {
      return outcome;
    },
    async run(text, call, { done, stopped }) {
      const mine = ++turn;
      isStopped = false;
      set({ type: 'working', text });
      const result = await call((now) => {
        if (mine !== turn) return false;
        progress = now;
        host.requestUpdate();
        return !isStopped;
      });
      if (mine !== turn) return result;
      if (result.ok) {
        const words = done(result.value);
        set(words === null ? { type: 'idle' } : { type: 'done', text: words });
      } else if (result.error.type === 'BackupStopped') set({ type: 'done', text: stopped });
      else set({ type: 'failed', error: result.error });
      return result;
    },
    clear() {
      turn += 1;
      set({ type: 'idle' });
    },
    render: () =>
      outcome.type === 'working'
        ? progressBar(outcome.text ?? '', progress, isStopped, stop)
        : outcomeMessage(outcome, errorProblem),
  };
}

/** The same, ended when its element is left: then nobody waits for it. */
export function shownCall(host: ReactiveControllerHost): LongCall {
  const call = longCall(host);
  host.addController({ hostDisconnected: call.clear });
  return call;
}

const bytes = ({ done, total }: BackupProgress): string =>
  total === null ? byteText(done) : `${byteText(done)} of ${byteText(total)}`;

const UNITS: { readonly [P in BackupPhase]: (progress: BackupProgress) => string } = {
  waiting: () => 'Waits for another restore',
  reading: bytes,
  copying: bytes,
  files: ({ done, total }) => `File ${amounts({ done: Math.floor(done), total })}`,
  writing: (progress) => amounts(progress),
  checking: (progress) => `Part ${amounts(progress)}`,
  'backing-up': (progress) => `Backed up ${amounts(progress)}`,
  comparing: (progress) => `Read ${amounts(progress)}`,
  restoring: (progress) => `Restored ${amounts(progress)}`,
  undoing: (progress) => `Taken back ${amounts(progress)}`,
};

const amounts = ({ done, total }: Pick<BackupProgress, 'done' | 'total'>): string =>
  total === null ? amountText(done) : `${amountText(Math.min(done, total))} of ${amountText(total)}`;

/** How far a call is, with a way to end it. */
export function progressBar(text: string, progress: BackupProgress | null, isStopped: boolean, stop: () => void): TemplateResult {
  const { done = 0, total = null } = progress ?? {};
  return html`<div class="row" role="group" aria-label=${text}>
    <p aria-live="polite">${isStopped ? 'Stopping…' : text}</p>
    ${total === null ? html`<progress aria-label=${text}></progress>` : html`<progress aria-label=${text} max=${Math.max(1, total)} .value=${Math.min(done, total)}></progress>`}
    <span class="small">${progress ? UNITS[progress.phase](progress) : nothing}</span>
    <button ?disabled=${isStopped} @click=${stop}>Cancel</button>
  </div>`;
}
