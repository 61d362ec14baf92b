import { css, html, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { groups } from '#ui/shell/command.ts';
import { commandOf } from '#ui/shell/commands.ts';
import { shortcuts } from '#ui/shell/shortcuts.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { dialogStyles } from '#ui/styles/dialog.ts';
import { keyStyles } from '#ui/styles/keys.ts';
import { keyNames } from '#ui/text/key-names.ts';
import { type CommandMemory, openCommandMemory } from './command-memory.ts';
import { localKeys } from './local-keys.ts';

interface Row {
  readonly label: string;
  readonly keys: string;
}

/** All keys, from the registry of commands. Fires `close`. */
@customElement('shortcut-sheet')
export class ShortcutSheet extends AppPart {
  static override styles = [
    baseStyles,
    controlStyles,
    dialogStyles,
    keyStyles,
    css`
      dialog {
        inline-size: min(46rem, 100vw - 2rem);
      }

      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--space-3);
      }

      .groups {
        columns: 2 18rem;
        column-gap: var(--space-6);
      }

      section {
        break-inside: avoid;
        padding-block-start: var(--space-4);
      }

      h3 {
        padding-block-end: var(--space-1);
        color: var(--ink-2);
        font-size: var(--text-s);
      }

      dl > div {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: var(--space-3);
        min-block-size: 2rem;
        padding-block: 0.2rem;
        border-block-end: 1px solid var(--line);
      }

      .choice {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        padding-block-start: var(--space-5);
        color: var(--ink-2);
      }

      .choice input {
        inline-size: 1.1rem;
        block-size: 1.1rem;
      }
    `,
  ];

  @state() private memory: CommandMemory | undefined;
  @query('dialog') private dialog!: HTMLDialogElement;

  override async firstUpdated(): Promise<void> {
    this.dialog.showModal();
    this.memory = await openCommandMemory(this.app);
  }

  close(): void {
    this.dialog.close();
  }

  override render(): TemplateResult {
    const byGroup = groups.map((group) => ({
      group,
      rows: shortcuts.flatMap(({ command: id, keys }): readonly Row[] => {
        const command = commandOf(id);
        return command?.group === group ? [{ label: command.label, keys }] : [];
      }),
    }));
    return html`<dialog aria-labelledby="title" closedby="any" @close=${this.onClose}>
      <div class="head">
        <h2 id="title">Keyboard shortcuts</h2>
        <button class="quiet square" aria-label="Close" title="Close (Esc)" @click=${() => this.close()}>${icon('x')}</button>
      </div>
      <div class="groups">
        ${byGroup.filter(({ rows }) => rows.length > 0).map(({ group, rows }) => part(group, rows))}
        ${localKeys.map(({ place, rows }) => part(place, rows))}
      </div>
      <label class="choice">
        <input type="checkbox" .checked=${this.memory?.singleKeys ?? true} ?disabled=${!this.memory}
          @change=${(event: Event) => this.memory?.setSingleKeys((event.target as HTMLInputElement).checked)} />
        Open this sheet with the single key ?
      </label>
    </dialog>`;
  }

  private readonly onClose = (): void => {
    void this.memory?.close();
    this.dispatchEvent(new CustomEvent('close'));
  };
}

function part(name: string, rows: readonly Row[]): TemplateResult {
  return html`<section>
    <h3>${name}</h3>
    <dl>
      ${rows.map(
        ({ label, keys }) => html`<div>
          <dt>${label}</dt>
          <dd class="keys">${keyNames(keys).map((key) => html`<kbd>${key}</kbd>`)}</dd>
        </div>`,
      )}
    </dl>
  </section>`;
}
