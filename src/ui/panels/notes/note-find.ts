import { html, type LitElement, nothing, type TemplateResult } from 'lit';
import { focusedElement } from '#ui/controllers/focused.ts';
import { textMarks } from '#ui/controllers/text-marks.ts';
import '#ui/parts/find-bar.ts';
import type { FindBar, Replacement } from '#ui/parts/find-bar.ts';
import { type FindQuery, type PlacesIn, placesOf } from '#ui/text/find-places.ts';
import type { Found } from './editor/find-in-text.ts';
import type { MarkdownEditor } from './editor/markdown-editor.ts';

interface NoteFindOptions {
  /** The editor, where its text can be seen: with the preview alone that is looked through. */
  readonly editor: () => MarkdownEditor | null;
  readonly preview: () => HTMLElement | null;
  readonly isReadOnly: () => boolean;
}

/** Finding words in the open note: in its text, and in what is shown of it. */
export interface NoteFind {
  readonly isOpen: boolean;
  /** Changes whenever the panel is to be drawn again. */
  readonly drawn: readonly unknown[];
  open(replacing?: boolean): void;
  /** `leave`: another note is shown, where the focus stays. */
  close(leave?: boolean): void;
  /** Goes on; opens the panel where there is none. */
  step(by: number): void;
  /** Called by the editor. */
  readonly onFound: (found: Found) => void;
  /** Marks the places of a search that led to the note; null takes the marks away. */
  mark(places: PlacesIn | null): void;
  render(): TemplateResult | typeof nothing;
}

const NONE: Found = { at: -1, total: 0, more: false };

export function noteFind(host: LitElement, { editor, preview, isReadOnly }: NoteFindOptions): NoteFind {
  let isOpen = false;
  let found: Found = NONE;
  let opener: Element | null = null;
  let asked: FindQuery | null = null;
  const marks = textMarks(host, { root: preview, skip: 'button' });

  /** The preview is drawn in slices, and again with the text. */
  const growth = new ResizeObserver(() => marks.follow());
  host.addController({
    hostUpdated() {
      const page = preview()?.firstElementChild;
      if (page) growth.observe(page);
    },
    hostDisconnected: () => growth.disconnect(),
  });

  const bar = (): FindBar | null => host.renderRoot.querySelector('find-bar');
  const inPreview = (): boolean => editor() === null && preview() !== null;

  const query = (next: FindQuery): void => {
    asked = next;
    editor()?.find(next);
    marks.show(placesOf(next), inPreview());
  };

  const find: NoteFind = {
    get isOpen() {
      return isOpen;
    },
    get drawn() {
      return [isOpen, found, marks.at, marks.total];
    },
    open(replacing = false) {
      if (!isOpen) opener = focusedElement();
      isOpen = true;
      found = NONE;
      host.requestUpdate();
      const words = editor()?.selectedWords ?? '';
      void host.updateComplete.then(() => bar()?.open(words, replacing));
    },
    close(leave = false) {
      if (!isOpen) return;
      isOpen = false;
      asked = null;
      marks.show(null);
      const text = editor();
      text?.find(null);
      host.requestUpdate();
      if (leave) return;
      // What was found is selected in the text: one goes on there. From the preview one goes back to where one was.
      if (text && !isReadOnly()) text.focus();
      else if (opener instanceof HTMLElement) opener.focus();
    },
    step(by) {
      if (!isOpen) find.open();
      else if (inPreview()) marks.step(by);
      else editor()?.findStep(by);
    },
    onFound(next) {
      found = next;
      host.requestUpdate();
    },
    mark(places) {
      if (!asked) marks.show(places, places !== null && inPreview());
    },
    render() {
      if (!isOpen) return nothing;
      const { at, total, more } = inPreview() ? { at: marks.at, total: marks.total, more: false } : found;
      return html`<find-bar label="Find in this note" .at=${at} .total=${total} .more=${more} .writable=${!isReadOnly() && !inPreview()}
        @query=${(event: CustomEvent<FindQuery>) => query(event.detail)} @step=${(event: CustomEvent<number>) => find.step(event.detail)}
        @replace=${({ detail }: CustomEvent<Replacement>) => editor()?.replaceFound(detail.text, detail.all)}
        @close=${() => find.close()}></find-bar>`;
    },
  };
  return find;
}
