/** References to pictures and files in the text: their long addresses are shown as small pictures, or as the form of the file. */
import type { Extension } from '@codemirror/state';
import { Decoration, EditorView, MatchDecorator, ViewPlugin, WidgetType } from '@codemirror/view';
import { type BlobHash, readReference, WHOLE_REFERENCE } from '#core/blobs.ts';

/** The small picture of a blob; null where there is none. */
export type Thumbnail = (hash: BlobHash) => Promise<Blob | null>;

class ReferenceWidget extends WidgetType {
  private readonly hash: BlobHash;
  private readonly extension: string;
  private readonly thumbnail: Thumbnail;

  constructor(hash: BlobHash, extension: string, thumbnail: Thumbnail) {
    super();
    this.hash = hash;
    this.extension = extension;
    this.thumbnail = thumbnail;
  }

  override eq(other: ReferenceWidget): boolean {
    return other.hash === this.hash && other.extension === this.extension;
  }

  override toDOM(): HTMLElement {
    const place = document.createElement('span');
    place.className = 'cm-file-reference';
    place.textContent = this.extension === '' ? 'file' : `.${this.extension}`;
    place.dir = 'ltr';
    place.title = 'A file that is kept beside this text';
    void this.draw(place);
    return place;
  }

  private async draw(place: HTMLElement): Promise<void> {
    const picture = await this.thumbnail(this.hash).catch(() => null);
    if (!picture) return;
    const image = document.createElement('img');
    image.alt = '';
    // What is dragged is text of the editor, not a file.
    image.draggable = false;
    const url = URL.createObjectURL(picture);
    image.src = url;
    await image.decode().catch(() => {});
    URL.revokeObjectURL(url);
    if (image.naturalWidth > 0) place.replaceChildren(image);
  }
}

const theme = EditorView.theme({
  '.cm-file-reference': {
    display: 'inline-block',
    verticalAlign: 'middle',
    padding: '0 var(--space-1)',
    borderRadius: 'var(--radius-s)',
    backgroundColor: 'var(--surface-hover)',
    color: 'var(--ink-2)',
    fontFamily: 'var(--font-ui)',
    fontSize: 'var(--text-s)',
  },
  '.cm-file-reference:has(img)': { padding: '0', blockSize: '3rem' },
  '.cm-file-reference img': {
    display: 'block',
    inlineSize: '3rem',
    blockSize: '3rem',
    objectFit: 'cover',
    borderRadius: 'var(--radius-s)',
  },
});

/** A reference is one character to the caret; copied, dragged and deleted it is whole. */
export function fileReferences(thumbnail: Thumbnail): Extension {
  const matcher = new MatchDecorator({
    regexp: new RegExp(`(?<=\\]\\()${WHOLE_REFERENCE.source}(?=\\))`, 'g'),
    decoration([address]) {
      const reference = readReference(address);
      return reference && Decoration.replace({ widget: new ReferenceWidget(reference.hash, reference.extension, thumbnail) });
    },
  });
  return [
    theme,
    ViewPlugin.define(
      (view) => ({
        decorations: matcher.createDeco(view),
        update(update) {
          this.decorations = matcher.updateDeco(update, this.decorations);
        },
      }),
      {
        decorations: ({ decorations }) => decorations,
        provide: (plugin) => EditorView.atomicRanges.of((view) => view.plugin(plugin)?.decorations ?? Decoration.none),
      },
    ),
  ];
}
