import { html, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { type SettingValues, visionFilter } from '#entities/effective-settings.ts';
import { lineSpacings, nearest, textSizes } from '#ui/shell/look.ts';
import { type Choice, choiceField, selectField } from './choice-field.ts';
import { notSaved } from './only-here.ts';
import { SettingSection } from './setting-section.ts';

const steps = <S extends number>(all: readonly S[], words: { readonly [step in S]: string }): readonly Choice<number>[] =>
  all.map((step) => ({ value: step, label: words[step] }));

const textChoices = steps(textSizes, { 0.875: 'Small', 1: 'Normal', 1.125: 'Large', 1.25: 'Larger', 1.5: 'Largest' });
const lineChoices = steps(lineSpacings, { 1: 'Normal', 1.15: 'Wide', 1.3: 'Widest' });
const motions: readonly Choice<SettingValues['motion']>[] = [
  { value: 'system', label: 'As the system says' },
  { value: 'reduce', label: 'Reduced', hint: 'Nothing slides, pulses or glows' },
  { value: 'full', label: 'Full', hint: 'Also where the system asks for less' },
];
const contrasts: readonly Choice<boolean>[] = [
  { value: false, label: 'As the system says' },
  { value: true, label: 'More', hint: 'Stronger text, lines and focus marks, and no effects' },
];
const filters: readonly Choice<SettingValues['visionMode']>[] = [
  { value: {}, label: 'None' },
  { value: { filter: 'protanopia' }, label: 'Red is weak (protanopia)' },
  { value: { filter: 'deuteranopia' }, label: 'Green is weak (deuteranopia)' },
  { value: { filter: 'tritanopia' }, label: 'Blue is weak (tritanopia)' },
  { value: { filter: 'greyscale' }, label: 'Greyscale' },
];

/** How Holdfast is read and how much of it moves. Every size follows the text. */
@customElement('accessibility-section')
export class AccessibilitySection extends SettingSection {
  override render(): TemplateResult {
    const { settings } = this;
    return html`
      <h2>Accessibility</h2>
      <section class="card" aria-labelledby="reading">
        <h3 id="reading">Reading</h3>
        ${selectField(settings, 'textSize', 'Text size', textChoices, 'Everything grows with the text.', (step, size) => step === nearest(textSizes, size))}
        ${selectField(settings, 'lineSpacing', 'Line spacing', lineChoices, 'The room between lines of text.', (step, spacing) => step === nearest(lineSpacings, spacing))}
      </section>
      <section class="card">${choiceField(settings, 'motion', 'Motion', motions)}</section>
      <section class="card">${choiceField(settings, 'highContrast', 'Contrast', contrasts)}</section>
      <section class="card" aria-labelledby="colours">
        <h3 id="colours">Colours</h3>
        ${selectField(settings, 'visionMode', 'Colour filter', filters, 'Moves apart the colours that an eye with this weakness confuses.', (a, b) => visionFilter(a) === visionFilter(b))}
      </section>
      ${notSaved(settings)}
    `;
  }
}
