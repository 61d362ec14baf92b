import { html, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { documentNouns } from '#entities/documents.ts';
import { ledger } from '#entities/index.ts';
import { focusedElement } from '#ui/controllers/focused.ts';
import { observe } from '#ui/controllers/observer.ts';
import { documentIcon } from '#ui/documents/document-icon.ts';
import { panelOf, panels } from '#ui/panels/index.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { nextOption } from '#ui/parts/option-list.ts';
import type { Command } from '#ui/shell/command.ts';
import { commands } from '#ui/shell/commands.ts';
import { keysOf } from '#ui/shell/shortcuts.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { dialogStyles } from '#ui/styles/dialog.ts';
import { isComposing } from '#ui/text/composing.ts';
import { keyNames } from '#ui/text/key-names.ts';
import { briefTime } from '#ui/text/time-text.ts';
import { type Choice, type CommandMemory, openCommandMemory } from './command-memory.ts';
import { paletteStyles } from './command-palette-styles.ts';
import { menuCommands } from './menu-commands.ts';
import { createNameSearch, type Named, type NameSearch } from './name-search.ts';
import { choiceOf, listSections, type Option, type Section } from './palette-options.ts';

/** Every command and every name in one field (the combobox pattern of ARIA). Fires `close` when it is done. */
@customElement('command-palette')
export class CommandPalette extends AppPart {
  static override styles = [baseStyles, controlStyles, dialogStyles, paletteStyles];

  @state() private text = '';
  @state() private at = 0;
  @state() private recent: readonly Option[] = [];
  @query('dialog') private dialog!: HTMLDialogElement;
  @query('input') private field!: HTMLInputElement;
  private search: NameSearch | undefined;
  /** Being read while one types: what is kept meanwhile waits for it. */
  private memory!: Promise<CommandMemory>;
  private chosen: Option | undefined;
  private isTouched = false;
  private readonly found = observe(this, () => this.search?.found);

  constructor() {
    super();
    // Which commands are offered depends on what is open.
    observe(this, () => this.shell.route);
  }

  override firstUpdated(): void {
    this.dialog.showModal();
    this.search = createNameSearch(this.app, panels);
    this.search.find('');
    this.memory = openCommandMemory(this.app);
    void this.memory.then((memory) => this.remember(memory));
  }

  /** The palette's key once more closes it. */
  close(): void {
    this.dialog.close();
  }

  override render(): TemplateResult {
    const sections = this.sections();
    const options = sections.flatMap((section) => section.options);
    const at = Math.min(this.at, options.length - 1);
    const { looked = 0, total = 0, isLooking = false } = this.found.value ?? {};
    return html`<dialog aria-label="Commands and names" closedby="any" @close=${this.onClose}>
      <div class="field">
        ${icon('search')}
        <input dir="auto" role="combobox" type="text" aria-label="Command or name" placeholder=${`A command, or the name of a ${documentNouns('one', 'or')}`}
          aria-expanded="true" aria-controls="options" aria-autocomplete="list" aria-activedescendant=${at >= 0 ? `option-${at}` : nothing}
          autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="go"
          @input=${this.onInput} @keydown=${(event: KeyboardEvent) => this.onKey(event, options, at)} />
        <button class="quiet square" aria-label="Close" title="Close (Esc)" @click=${() => this.close()}>${icon('x')}</button>
      </div>
      <div id="options" role="listbox" aria-label="Commands and names" tabindex="-1">
        ${repeat(
          sections,
          ({ name }) => name,
          (section) => this.section(section, options, at),
        )}
      </div>
      <p class="foot" role="status">${
        isLooking && this.text.trim() !== ''
          ? `Looking through the names: ${looked.toLocaleString()} of ${total.toLocaleString()}…`
          : options.length === 0
            ? `Nothing is called “${this.text.trim()}”.`
            : nothing
      }</p>
    </dialog>`;
  }

  private section({ name, options }: Section, all: readonly Option[], at: number): TemplateResult {
    return html`<div role="group" aria-label=${name}>
      <p class="heading" aria-hidden="true">${name}</p>
      ${options.map((option) => this.option(option, all.indexOf(option), at))}
    </div>`;
  }

  private option(option: Option, index: number, at: number): TemplateResult {
    return html`<div role="option" id="option-${index}" aria-selected=${index === at}
      @mousemove=${() => {
        if (this.at !== index) this.at = index;
      }}
      @click=${() => this.choose(option)}>
      ${option.type === 'command' ? commandRow(option.command) : documentRow(option.named)}
    </div>`;
  }

  /** Those that can run now: of the registry, and of the menus on the page. */
  private offered(): readonly Command[] {
    const world = { app: this.app, shell: this.shell };
    return [...commands.filter(({ isOffered }) => isOffered?.(world) ?? true), ...menuCommands()];
  }

  private sections(): readonly Section[] {
    return listSections(this.text, {
      commands: this.offered(),
      recent: this.recent,
      hits: this.found.value?.hits ?? [],
    });
  }

  /** What was left here: the text that was not run, and what was used last. */
  private async remember(memory: CommandMemory): Promise<void> {
    if (!this.isTouched && memory.unsentText !== '') {
      this.field.value = memory.unsentText;
      // Typing replaces it, an arrow key goes on with it.
      this.field.select();
      this.show(memory.unsentText);
    }
    const options = await Promise.all(memory.history.map((choice) => this.optionOf(choice)));
    this.recent = options.filter((option) => option !== null);
  }

  private async optionOf(choice: Choice): Promise<Option | null> {
    if ('command' in choice) {
      const command = this.offered().find(({ id }) => id === choice.command);
      return command ? { type: 'command', command } : null;
    }
    const panel = panelOf(choice.panel);
    if (!panel?.documents) return null;
    const found = await this.app.get(panel.documents, choice.id);
    if (!found.ok || found.value?.lifecycle !== 'live') return null;
    const { id, fields, updatedAt } = found.value;
    const title = ledger.get(panel.documents)?.title(fields) ?? '';
    return { type: 'document', named: { panel, id, title, updatedAt } };
  }

  private show(text: string): void {
    this.text = text;
    this.at = 0;
    this.search?.find(text);
  }

  private readonly onInput = (): void => {
    this.isTouched = true;
    const { value } = this.field;
    void this.memory.then((memory) => memory.keepText(value));
    this.show(this.field.value);
  };

  private onKey(event: KeyboardEvent, options: readonly Option[], at: number): void {
    if (isComposing(event)) return;
    const next = nextOption(event.key, at, options.length, PAGE);
    const option = options[at];
    if (event.key === 'Enter' && option) this.choose(option);
    else if (next === undefined) return;
    else this.at = next;
    event.preventDefault();
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector(`#option-${this.at}`)?.scrollIntoView({ block: 'nearest' }),
    );
  }

  private choose(option: Option): void {
    this.chosen = option;
    void this.memory.then((memory) => memory.keepChoice(choiceOf(option)));
    this.close();
  }

  /** Nothing had the focus before, and nothing has taken it: it is the open document's. */
  private async run(command: Command): Promise<void> {
    await command.run({ app: this.app, shell: this.shell });
    const focused = focusedElement();
    if (!focused || focused === document.body) this.shell.focusDocument();
  }

  /** The dialog has given the focus back by now: what the choice leads to may take it. */
  private readonly onClose = (): void => {
    const { chosen } = this;
    this.search?.close();
    void this.memory.then((memory) => memory.close());
    this.dispatchEvent(new CustomEvent('close'));
    if (!chosen) return;
    if (chosen.type === 'command') return void this.run(chosen.command);
    this.shell.navigate(`/${chosen.named.panel.id}/${chosen.named.id}`);
    this.shell.focusDocument();
  };
}

/** How far Page Up and Page Down go. */
const PAGE = 8;

function commandRow({ id, label, icon: name, group }: Command): TemplateResult {
  const keys = keysOf(id);
  return html`${icon(name)}<span class="name">${label}</span>
    ${keys === undefined ? html`<span class="aside">${group}</span>` : html`<span class="keys">${keyNames(keys).map((key) => html`<kbd>${key}</kbd>`)}</span>`}`;
}

function documentRow({ panel, title, updatedAt }: Named): TemplateResult {
  return html`${icon(documentIcon(panel))}<span class="name" dir="auto">${title}</span>
    <span class="aside">${briefTime(updatedAt, Date.now())}</span>`;
}
