import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { baseStyles } from '#ui/styles/base.ts';
import { controlStyles } from '#ui/styles/controls.ts';
import { appVersion, licences } from './licences.ts';
import { sectionStyles } from './section-styles.ts';

/** What this is, and whose work it stands on. */
@customElement('about-section')
export class AboutSection extends LitElement {
  static override styles = [
    baseStyles,
    controlStyles,
    sectionStyles,
    css`
      table {
        border-collapse: collapse;
      }

      th,
      td {
        padding: var(--space-1) var(--space-5) var(--space-1) 0;
        text-align: start;
        font-weight: 400;
      }

      thead th {
        color: var(--ink-3);
        font-size: var(--text-s);
      }
    `,
  ];

  override render(): TemplateResult {
    return html`
      <h2>About</h2>
      <section class="card" aria-labelledby="name">
        <h3 id="name">Holdfast ${appVersion}</h3>
        <p>An offline-first study workspace that never loses your work. Free software under the MIT licence.</p>
      </section>
      <section class="card" aria-labelledby="libraries">
        <h3 id="libraries">Libraries in this app</h3>
        <table>
          <thead>
            <tr><th scope="col">Name</th><th scope="col">Licence</th></tr>
          </thead>
          <tbody>
            ${licences.map(({ name, licence }) => html`<tr><th scope="row">${name}</th><td>${licence}</td></tr>`)}
          </tbody>
        </table>
      </section>
    `;
  }
}
