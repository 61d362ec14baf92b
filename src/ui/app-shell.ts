import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { App } from '#app/app.ts';
import { shellStyles } from './app-shell-styles.ts';
import { mediaQuery, PHONE } from './controllers/media-query.ts';
import { observe } from './controllers/observer.ts';
import { icon } from './icon.ts';
import { createLayout } from './layout.ts';
import { closeTab, neighbourOf } from './open-tabs.ts';
import { homePath, panelOf, panels } from './panels/index.ts';
import type { ConfirmDialog } from './parts/confirm-dialog.ts';
import './parts/nav-rail.ts';
import './parts/panel-outlet.ts';
import './parts/status-bar.ts';
import './parts/tab-strip.ts';
import './parts/toast-stack.ts';
import type { ToastStack } from './parts/toast-stack.ts';
import { createRouter, pathOfClick } from './router.ts';
import type { Question, Shell } from './shell.ts';
import { baseStyles } from './styles/base.ts';
import { controlStyles } from './styles/controls.ts';
import { followTheme } from './theme.ts';

/** The frame around every panel: navigation, open tabs, the panel itself, the status bar, and what floats above them. */
@customElement('app-shell')
export class AppShell extends LitElement {
  static override styles = [baseStyles, controlStyles, shellStyles];

  @property({ attribute: false }) app!: App;
  /** A text field has the focus: on a phone the keyboard needs the room of the navigation. */
  @state() private writing = false;
  @query('main') private main!: HTMLElement;
  @query('toast-stack') private toasts!: ToastStack;

  private readonly router = createRouter();
  private shell!: Shell;
  private readonly route = observe(this, () => this.router.route);
  private readonly offer = observe(this, () => this.app?.update);
  private readonly phone = mediaQuery(this, PHONE);
  private stopTheme: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this.onKey);
    this.addEventListener('click', this.onClick);
  }

  override disconnectedCallback(): void {
    window.removeEventListener('keydown', this.onKey);
    this.removeEventListener('click', this.onClick);
    this.stopTheme?.();
    super.disconnectedCallback();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('app') && !this.shell) this.start();
    this.toggleAttribute('writing', this.writing && this.phone.matches);
    const { panel, rest } = this.router.route.value;
    this.toggleAttribute('at-list', panelOf(panel)?.action !== undefined && rest.length === 0);
  }

  override render(): TemplateResult {
    const route = this.route.value ?? this.router.route.value;
    const { app, shell } = this;
    return html`
      <nav aria-label="Skip"><a class="skip" href="#main" @click=${this.skip}>Skip to content</a></nav>
      <nav-rail .shell=${shell} .panels=${panels} .route=${route}></nav-rail>
      <header>
        <tab-strip .app=${app} .shell=${shell} .route=${route}></tab-strip>
        ${panels.map(({ action }) =>
          action
            ? html`<button class="primary action" aria-keyshortcuts="Control+Alt+${action.key.toUpperCase()}"
                title="${action.label} (Ctrl+Alt+${action.key.toUpperCase()})" @click=${() => shell.navigate(action.path)}>
                ${icon(action.icon)}<span class="label">${action.label}</span>
              </button>`
            : nothing,
        )}
      </header>
      ${this.offer.value ? html`<update-banner .offer=${this.offer.value}></update-banner>` : nothing}
      <main id="main" tabindex="-1" @focusin=${this.onFocus} @focusout=${this.onFocus}>
        <panel-outlet .app=${app} .shell=${shell} .route=${route}></panel-outlet>
      </main>
      <status-bar .app=${app}></status-bar>
      <toast-stack></toast-stack>
    `;
  }

  private start(): void {
    const { app, router } = this;
    const layout = createLayout(app);
    this.shell = {
      route: router.route,
      layout,
      navigate: router.navigate,
      notify: (notice) => this.toasts.show(notice),
      ask: (question) => this.ask(question),
      closeTab: (id) => this.closeTab(id),
    };
    this.stopTheme = followTheme(app);
    app.update.subscribe((update) => {
      if (update) void import('./parts/update-banner.ts');
    });
    if (router.route.value.panel === '') void layout.ready.then(() => this.goOn());
    router.route.subscribe(({ panel, rest: [id = ''] }) => {
      if (panelOf(panel)?.documents) layout.changeActive(id);
    });
  }

  /** An address without a place leads to where the person left off. */
  private goOn(): void {
    const { tabs, activeTab } = this.shell.layout.view.value;
    const tab = tabs.find(({ id }) => id === activeTab);
    this.router.navigate(tab ? `/${tab.panel}/${tab.id}` : homePath, { replace: true });
  }

  private closeTab(id: string): void {
    const { layout, route } = this.shell;
    const neighbour = neighbourOf(layout.view.value.tabs, id);
    layout.changeTabs((tabs) => closeTab(tabs, id));
    const { panel, rest } = route.value;
    if (rest[0] === id) this.router.navigate(neighbour ? `/${neighbour.panel}/${neighbour.id}` : `/${panel}`);
  }

  /** Questions and updates are rare: their code is not part of the start. */
  private async ask(question: Question): Promise<boolean> {
    await import('./parts/confirm-dialog.ts');
    const dialog = document.createElement('confirm-dialog') as ConfirmDialog;
    this.renderRoot.append(dialog);
    const answer = await dialog.ask(question);
    dialog.remove();
    return answer;
  }

  private readonly onClick = (event: MouseEvent): void => {
    const path = pathOfClick(event);
    if (path === null) return;
    event.preventDefault();
    this.router.navigate(path);
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || !event.altKey) return;
    // AltGr reads as Ctrl+Alt on Windows, and writes letters: ń is AltGr+N on a Polish keyboard.
    if (event.getModifierState('AltGraph')) return;
    const action = panels.find((panel) => panel.action && event.code === `Key${panel.action.key.toUpperCase()}`)?.action;
    if (!action) return;
    event.preventDefault();
    this.router.navigate(action.path);
  };

  private readonly onFocus = (event: FocusEvent): void => {
    const target = event.composedPath()[0];
    this.writing =
      event.type === 'focusin' && target instanceof HTMLElement && target.matches('input, textarea, [contenteditable="true"]');
  };

  private readonly skip = (event: MouseEvent): void => {
    event.preventDefault();
    this.main.focus();
  };
}
