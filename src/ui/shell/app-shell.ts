import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import type { App } from '#app/app.ts';
import { createSource, type Observable } from '#app/observable.ts';
import type { UnsavedWords } from '#app/tab-guard.ts';
import { SHARED_CACHE } from '#core/shared.ts';
import { narrowerThan, PHONE_REM } from '#ui/controllers/narrow.ts';
import { observe } from '#ui/controllers/observer.ts';
import { isTouch } from '#ui/controllers/touch.ts';
import { homePath, panelOf, panels } from '#ui/panels/index.ts';
import { icon } from '#ui/parts/icon.ts';
import { isComposing } from '#ui/text/composing.ts';
import { shellStyles } from './app-shell-styles.ts';
import { takeDroppedFiles } from './dropped-files.ts';
import { firstFrame } from './first-frame.ts';
import { createLayout } from './layout.ts';
import { neighbourOf } from './tabs/open-tabs.ts';
import './nav-rail.ts';
import './panel-outlet.ts';
import './status/status-bar.ts';
import { FramePart } from '#ui/parts/frame-part.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { createRouter, pathOfClick } from './router.ts';
import type { Notice, Shell } from './shell.ts';
import { createDialogs, type Dialogs } from './shell-dialogs.ts';
import { ariaKeys, commandOfKeys, keysHint } from './shortcuts.ts';
import { followTheme } from './theme.ts';
import type { ToastStack } from './toast-stack.ts';

/** Past the start. */
const LATER_MS = 3000;

/**
 * The frame around every panel: navigation, open tabs, the panel itself, the status bar, and what floats above them. It is
 * there before the workspace has been opened, and what is clicked meanwhile happens as soon as it can: the page is usable in
 * half the time.
 */
@customElement('app-shell')
export class AppShell extends FramePart {
  static override styles = [baseStyles, controlStyles, shellStyles];

  /** A text field has the focus: on a phone the keyboard needs the room of the navigation. */
  @state() private writing = false;
  /** This device has no layout of its own yet. */
  @state() private isNew = false;
  /** A file that may be a backup is dragged over the window. */
  @state() private isBackupOver = false;
  @query('main') private main!: HTMLElement;
  @query('toast-stack') private toasts!: ToastStack;
  private readonly opening = Promise.withResolvers<App>();
  private readonly router = createRouter();
  declare shell: Shell;
  private readonly focusWish = createSource('');
  private dialogs!: Dialogs;
  private readonly route = observe(this, () => this.router.route);
  private readonly storage = observe(this, () => this.app?.storageNotice);
  private readonly barred = observe(this, () => this.app?.backups.barred);
  private readonly interrupted = observe(this, () => this.app?.backups.interrupted);
  private readonly undecided = observe(this, () => this.app?.start.isUndecided);
  private readonly elsewhere = observe(this, () => this.app?.restoresElsewhere.list);
  private readonly offer = observe(this, () => this.app?.update);
  private readonly left = observe(this, () => this.app?.account.isLeft);
  private readonly bringing = observe(this, () => this.app?.account.bringing);
  private readonly phone = narrowerThan(this, PHONE_REM);
  private stopTheme: (() => void) | undefined;
  private stopDrops: (() => void) | undefined;
  private stopKeepingFocus: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this.onKey);
    window.addEventListener('keydown', this.onKey, true);
    this.stopDrops = takeDroppedFiles(window, {
      app: () => this.app,
      shell: () => this.shell,
      onHint: (isOver) => {
        this.isBackupOver = isOver;
      },
    });
    this.addEventListener('click', this.onClick);
  }

  override disconnectedCallback(): void {
    window.removeEventListener('keydown', this.onKey);
    window.removeEventListener('keydown', this.onKey, true);
    this.removeEventListener('click', this.onClick);
    this.stopDrops?.();
    this.stopTheme?.();
    this.stopKeepingFocus?.();
    super.disconnectedCallback();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!this.shell) this.start();
    if (changed.has('app') && this.app) this.goOnWith(this.app);
    this.toggleAttribute('writing', this.writing && this.phone.matches);
    const { panel, rest } = this.router.route.value;
    this.toggleAttribute('at-list', panelOf(panel)?.action !== undefined && rest.length === 0);
  }

  override render(): TemplateResult {
    const route = this.route.value ?? this.router.route.value;
    const { app, shell } = this;
    return html`
      <nav aria-label="Skip"><a class="skip" href="#main" @click=${this.skip}>Skip to content</a></nav>
      <nav-rail .panels=${panels} .route=${route}></nav-rail>
      <header>
        <tab-strip .route=${route}></tab-strip>
        <button class="search" aria-label="Search" aria-keyshortcuts=${ariaKeys('search') ?? nothing}
          title="Search everything${keysHint('search')}" @click=${() => shell.openDialog('search')}>
          ${icon('search')}<span class="label">Search</span>
        </button>
        ${panels.map(({ id, action }) =>
          action
            ? html`<button class="action ${id === route.panel ? 'primary' : ''}" aria-keyshortcuts=${ariaKeys(action.command) ?? nothing}
                title="${action.label}${keysHint(action.command)}" @click=${() => shell.navigate(action.path)}>
                ${icon(action.icon)}<span class="label">${action.label}</span>
              </button>`
            : nothing,
        )}
      </header>
      <div class="banners">
        ${app?.syncState.value.type === 'insecure' ? html`<insecure-banner></insecure-banner>` : nothing}
        ${this.left.value || this.bringing.value ? html`<account-banner></account-banner>` : nothing}
        ${this.storage.value && app ? html`<storage-banner .notice=${this.storage.value}></storage-banner>` : nothing}
        ${this.barred.value && app ? html`<backup-banner .folder=${this.barred.value}></backup-banner>` : nothing}
        ${this.interrupted.value && app ? html`<interrupted-banner></interrupted-banner>` : nothing}
        ${this.undecided.value ? html`<start-banner></start-banner>` : nothing}
        ${this.elsewhere.value?.length ? html`<restore-banner></restore-banner>` : nothing}
        ${this.offer.value ? html`<update-banner .offer=${this.offer.value}></update-banner>` : nothing}
        ${this.isNew && app ? html`<continue-offer></continue-offer>` : nothing}
      </div>
      <main id="main" tabindex="-1" ?inert=${this.left.value === true} @focusin=${this.onFocus} @focusout=${this.onFocus}>
        <panel-outlet .route=${route}></panel-outlet>
      </main>
      <status-bar></status-bar>
      ${this.isBackupOver ? html`<p class="drop-hint"><span>${icon('archive-restore')}A backup can be dropped anywhere: you see what it would change first.</span></p>` : nothing}
      <toast-stack @focus-lost=${() => this.main.focus()}></toast-stack>
    `;
  }

  private start(): void {
    const { router } = this;
    const opening = this.opening.promise;
    const layout = createLayout(opening);
    const dialogs = createDialogs(opening, () => this.shell, this.renderRoot);
    this.dialogs = dialogs;
    this.shell = {
      route: router.route,
      layout,
      opened: opening,
      focusWish: this.focusWish,
      focusDocument: () => {
        if (!isTouch()) this.focusWish.set(router.route.value.rest[0] ?? '');
      },
      navigate: router.navigate,
      notify: (notice) => void this.notify(notice),
      ask: dialogs.ask,
      openDialog: dialogs.open,
      async run(id) {
        const [{ commandOf }, app] = await Promise.all([import('./commands.ts'), opening]);
        await commandOf(id)?.run({ app, shell: this });
      },
      closeTab: (id) => this.closeTab(id),
    };
    // All are wanted soon, and none is needed for the first frame.
    void firstFrame.then(() => {
      void import('./tabs/tab-strip.ts');
      void import('./toast-stack.ts');
      void import('./focus-keeper.ts').then(({ keepFocus }) => {
        this.stopKeepingFocus ??= keepFocus(this.main);
      });
    });
    void layout.ready.then(() => {
      this.goOn();
      this.isNew = layout.isNew;
      if (layout.isNew) void import('./banners/continue-offer.ts');
    });
    router.route.subscribe(({ panel, rest: [id = ''] }) => {
      if (this.focusWish.value !== id) this.focusWish.set('');
      if (panelOf(panel)?.documents) layout.changeActive(id);
    });
  }

  private goOnWith(app: App): void {
    if (app.syncState.value.type === 'insecure') void import('./banners/insecure-banner.ts');
    this.stopTheme ??= followTheme(app);
    const banners: readonly (readonly [Observable<unknown>, () => Promise<unknown>])[] = [
      [app.account.isLeft, () => import('./banners/account-banner.ts')],
      [app.account.bringing, () => import('./banners/account-banner.ts')],
      [app.update, () => import('./banners/update-banner.ts')],
      [app.backups.barred, () => import('./banners/backup-banner.ts')],
      [app.backups.interrupted, () => import('./banners/interrupted-banner.ts')],
      [app.start.isUndecided, () => import('./banners/start-banner.ts')],
      [app.restoresElsewhere.list, () => import('./banners/restore-banner.ts')],
      [app.storageNotice, () => import('./banners/storage-banner.ts')],
    ];
    for (const [state, load] of banners) {
      state.subscribe((value) => {
        if (Array.isArray(value) ? value.length > 0 : value) void load();
      });
    }
    // Loaded before it is wanted: when it is, the version that it belongs to may be gone.
    setTimeout(() => {
      for (const part of [import('./unsaved-words.ts'), import('./banners/storage-banner.ts')]) part.catch(() => {});
    }, LATER_MS);
    app.unsavedWords.subscribe((words) => {
      if (words) void this.askAboutUnsaved(words);
    });
    this.opening.resolve(app);
    void this.takeShared(app).catch(() => {});
  }

  /** What another program has shared with the app waits in a cache. */
  private async takeShared(app: App): Promise<void> {
    if (!('caches' in globalThis) || !(await caches.has(SHARED_CACHE))) return;
    const shared = await panels.find(({ loadShared }) => loadShared)?.loadShared?.();
    await shared?.takeShared(app, this.shell);
  }

  private async askAboutUnsaved(words: UnsavedWords): Promise<void> {
    try {
      await import('./unsaved-words.ts');
    } catch {
      // Without the question nothing is thrown away.
      return words.answer(false);
    }
    const dialog = document.createElement('unsaved-words');
    Object.assign(dialog, { words });
    this.renderRoot.append(dialog);
  }

  private async notify(notice: Notice): Promise<void> {
    await import('./toast-stack.ts');
    this.toasts.show(notice);
  }

  /** An address without a place leads to where the person left off. */
  private goOn(): void {
    // The person may have gone somewhere meanwhile.
    if (this.router.route.value.panel !== '') return;
    const { tabs, activeTab } = this.shell.layout.view.value;
    const tab = tabs.find(({ id }) => id === activeTab);
    this.router.navigate(tab ? `/${tab.panel}/${tab.id}` : homePath, { replace: true });
  }

  private closeTab(id: string): void {
    const { layout, route } = this.shell;
    const neighbour = neighbourOf(layout.view.value.tabs, id);
    layout.closeDocument(id);
    const { panel, rest } = route.value;
    if (rest[0] === id) this.router.navigate(neighbour ? `/${neighbour.panel}/${neighbour.id}` : `/${panel}`);
  }

  private readonly onClick = (event: MouseEvent): void => {
    const path = pathOfClick(event);
    if (path === null) return;
    event.preventDefault();
    this.router.navigate(path);
  };

  /**
   * Heard on the way down, because an editor takes some of our keys for its own; only the palette's key is left to it
   * first, which makes a selection a link.
   */
  private readonly onKey = (event: KeyboardEvent): void => {
    // AltGr reads as Ctrl+Alt on Windows, and writes letters: ń is AltGr+N on a Polish keyboard.
    if (event.defaultPrevented || isComposing(event) || event.getModifierState('AltGraph')) return;
    if (event.key === 'Escape') this.dialogs.forget();
    const path = event.composedPath();
    const command = commandOfKeys(event, isTextField(path[0]));
    const isOnTheWayDown = event.eventPhase === Event.CAPTURING_PHASE;
    if (command === undefined || (command === 'palette') === isOnTheWayDown) return;
    if (!this.dialogs.makesRoom(path)) return;
    event.preventDefault();
    if (command === 'palette' || command === 'search' || command === 'shortcuts') {
      // A key that is held opens once.
      if (!event.repeat) void this.dialogs.openByKey(command);
      return;
    }
    this.dialogs.close();
    const action = panels.find((panel) => panel.action?.command === command)?.action;
    if (action) this.router.navigate(action.path);
    else void this.shell.run(command);
  };

  private readonly onFocus = (event: FocusEvent): void => {
    this.writing = event.type === 'focusin' && isTextField(event.composedPath()[0]);
  };

  private readonly skip = (event: MouseEvent): void => {
    event.preventDefault();
    this.main.focus();
  };
}

const isTextField = (target: EventTarget | undefined): boolean =>
  target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable="true"]');
