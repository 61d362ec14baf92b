import { html, type TemplateResult } from 'lit';
import type { EntitySession } from '#app/app.ts';
import { fileMarkdown, withReferences } from '#features/markdown/file-markdown.ts';
import type { AppPart } from '#ui/parts/app-part.ts';
import { addedNotice, isEndedByPerson, notAddedNotice, takePicked } from '#ui/parts/file-news.ts';
import { errorText } from '#ui/text/error-text.ts';
import type { ArrivingFiles } from './editor/arriving-files.ts';
import type { MarkdownEditor } from './editor/markdown-editor.ts';

/** Pictures and files that come into the open note. */
export interface NoteFiles {
  /** What the editor does with files that arrive while `session` is open in it. */
  arriving(session: EntitySession<'note'>): ArrivingFiles;
  /** Opens the browser's own dialog for pictures and files. */
  pick(): void;
  /** Opens a phone's camera; elsewhere a dialog for pictures. */
  photograph(): void;
  /** The fields behind both. */
  render(): TemplateResult;
}

export function noteFiles(host: AppPart, editor: () => MarkdownEditor | null): NoteFiles {
  const onPicked = (event: Event): void => {
    const files = takePicked(event);
    if (files.length > 0) editor()?.takeFiles(files);
  };

  const open = (field: string): void => host.renderRoot.querySelector<HTMLInputElement>(`input${field}`)?.click();

  return {
    arriving: (session) => ({
      async keep(file, signal, onProgress) {
        const added = await host.app.files.add(file, { signal, onProgress });
        if (!added.ok) {
          if (!isEndedByPerson(added.error)) host.shell.notify(notAddedNotice(file.name, added.error));
          return null;
        }
        const { reference, name, isPicture, notice } = added.value;
        if (notice) host.shell.notify(addedNotice(notice));
        return fileMarkdown(reference, name, isPicture);
      },
      async onLate(reference) {
        const added = await host.app.patchBy('note', session.id, ({ text }) => ({
          text: `${withReferences(String(text ?? ''), [reference])}\n`,
        }));
        if (added.ok) host.shell.notify({ text: 'The file was added at the end of the note that you left.' });
        else host.shell.notify({ text: `The file was not added. ${errorText(added.error).title}.`, tone: 'bad' });
      },
      onKept(alt) {
        void session.flush();
        if (!alt) return;
        host.shell.notify({
          text: 'Picture added. A few words about it help those who cannot see it.',
          undoLabel: 'Describe it',
          undo: () => editor()?.select(alt.from, alt.to),
        });
      },
      onRefused: () => host.shell.notify({ text: 'Not added: this note is only to be read here.', tone: 'bad' }),
    }),
    pick: () => open('.any'),
    photograph: () => open('.camera'),
    render: () => html`<input class="any" type="file" multiple hidden aria-label="Add pictures or files" @change=${onPicked}>
      <input class="camera" type="file" accept="image/*" capture="environment" hidden aria-label="Take a picture" @change=${onPicked}>`,
  };
}
