import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { listOf } from '#core/json-shape.ts';
import { HINTS_ID } from '#entities/hints.ts';
import { liveEntities } from '#ui/controllers/live-entities.ts';
import { observe } from '#ui/controllers/observer.ts';
import { AppPart } from '#ui/parts/app-part.ts';
import { icon } from '#ui/parts/icon.ts';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { type Hint, hintFor } from './hints.ts';

/** A hint in the free room of the navigation: it covers nothing and moves nothing. One for each start of the app. */
@customElement('hint-card')
export class HintCard extends AppPart {
  static override styles = [
    baseStyles,
    controlStyles,
    css`
      aside {
        display: grid;
        gap: var(--space-2);
        padding: var(--space-3);
        border: 1px solid var(--line);
        border-radius: var(--radius-m);
        background: var(--surface);
        color: var(--ink-2);
        font-size: var(--text-s);
      }

      .icon {
        color: var(--accent-ink);
      }

      button {
        justify-self: start;
      }
    `,
  ];

  @state() private isDone = false;
  private readonly layout = observe(this, () => this.shell?.layout.view);
  private readonly savedAt = observe(this, () => this.app?.lastSavedAt);
  private readonly entities = liveEntities(
    this,
    () => this.app,
    ({ deviceId }) => [
      ['hints', HINTS_ID],
      ['command-state', deviceId],
    ],
  );

  override render(): TemplateResult | typeof nothing {
    const hint = this.isDone ? undefined : this.hint();
    if (!hint) return nothing;
    return html`<aside aria-label="Hint">
      ${icon('lightbulb')}
      <p>${hint.text}</p>
      <button @click=${() => this.dismiss(hint)}>Got it</button>
    </aside>`;
  }

  private hint(): Hint | undefined {
    const seen = this.entities.get('hints', HINTS_ID);
    const memory = this.entities.get('command-state', this.app.deviceId);
    // Before both have been read nobody knows what has been put away.
    if (seen === undefined || memory === undefined) return undefined;
    return hintFor({
      hasSaved: (this.savedAt.value ?? null) !== null,
      openTabs: this.layout.value?.tabs.length ?? 0,
      knowsPalette: listOf(memory?.fields.history).length > 0,
      dismissed: new Set(this.dismissed()),
    });
  }

  private dismissed(): readonly string[] {
    return this.entities.get('hints', HINTS_ID)?.fields.dismissed ?? [];
  }

  private dismiss({ id }: Hint): void {
    this.isDone = true;
    void this.app.patch('hints', HINTS_ID, { dismissed: [...this.dismissed(), id] });
  }
}
