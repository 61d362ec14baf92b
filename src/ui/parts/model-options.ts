import { html, type TemplateResult } from 'lit';
import type { ModelEntry } from '#features/chat/model-list.ts';
import { byteText } from '#ui/text/byte-text.ts';

/** What a field for a model shows where none is chosen, and none has answered yet. */
export const FIRST_MODEL = 'First model of the server';

/** The models of the server, in its order, as options of a field: with the size where it is given, and the word where one is for another use. */
export const modelOptions = (models: readonly ModelEntry[]): readonly TemplateResult[] =>
  models.map(({ name, forChats, bytes }) => {
    const label = [bytes === null ? '' : byteText(bytes), forChats ? '' : 'for another use']
      .filter((part) => part !== '')
      .join(', ');
    return html`<option value=${name} label=${label === '' ? name : `${name} (${label})`}></option>`;
  });
