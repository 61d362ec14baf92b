import { css, html, nothing, type TemplateResult } from 'lit';
import { type IconName, icon } from './icon.ts';

/** A section as the navigation of its panel shows it. */
export interface PanelSection {
  /** The second segment of its address; empty for the one at the panel's own address. */
  readonly id: string;
  readonly label: string;
  readonly icon: IconName;
  /** What a person may call what is in it. */
  readonly words?: string;
}

/** A panel of sections: their names at the side, and the current one. `mark` adds something to a name. */
export function sectionPanel<S extends PanelSection>(
  panel: { readonly title: string; readonly path: string; readonly sections: readonly S[]; readonly current: S },
  content: TemplateResult,
  mark: (section: S) => unknown = () => nothing,
): TemplateResult {
  const { title, path, sections, current } = panel;
  return html`<div class="frame">
    <div class="side">
      <h1>${title}</h1>
      <nav aria-label=${title}>
        <ul>
          ${sections.map(
            (section) => html`<li>
              <a href=${section.id === '' ? path : `${path}/${section.id}`} aria-current=${section.id === current.id ? 'page' : nothing}>
                ${icon(section.icon)}${section.label}${mark(section)}
              </a>
            </li>`,
          )}
        </ul>
      </nav>
    </div>
    <div class="content">${content}</div>
  </div>`;
}

/** A panel of sections: their names at the side, on a phone in a row above, and one of them shown. */
export const sectionPanelStyles = css`
  :host {
    display: block;
    block-size: 100%;
    overflow-y: auto;
  }

  .frame {
    display: grid;
    grid-template-columns: 13rem minmax(0, 1fr);
    gap: var(--space-6);
    max-inline-size: 64rem;
    margin-inline: auto;
    padding: var(--space-6) var(--space-5) var(--space-8);
  }

  h1 {
    margin-block-end: var(--space-4);
    font-size: var(--text-2xl);
    line-height: 1.3;
  }

  .side {
    position: sticky;
    inset-block-start: var(--space-6);
    align-self: start;
  }

  nav ul {
    display: grid;
    gap: 2px;
  }

  nav a {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    min-block-size: calc(var(--target) + 0.25rem);
    padding-inline: var(--space-3);
    border-radius: var(--radius-m);
    color: var(--ink-2);
    font-weight: 500;
    text-decoration: none;
  }

  nav a:hover {
    background: var(--surface-hover);
  }

  nav a[aria-current="page"] {
    background: var(--surface-selected);
    color: var(--accent-ink);
  }

  @media (forced-colors: active) {
    nav a[aria-current="page"] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }

  @container (max-width: 60rem) {
    .frame {
      grid-template-columns: minmax(0, 1fr);
      gap: var(--space-4);
      padding: var(--space-4);
    }

    .side {
      position: static;
      min-inline-size: 0;
    }

    nav ul {
      grid-template-columns: repeat(auto-fill, minmax(min(8.5rem, 100%), 1fr));
    }

    nav a {
      gap: var(--space-2);
      padding-inline: var(--space-2);
    }
  }
`;
