import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { tableStyles } from '#ui/styles/card-lists.ts';
import { sectionStyles } from '#ui/styles/section.ts';
import { appVersion, licences } from './licences.ts';

/** What this is, and whose work it is built on. */
@customElement('about-section')
export class AboutSection extends LitElement {
  static override styles = [
    sectionStyles,
    tableStyles,
    css`
      tr > :last-child {
        text-align: start;
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
