/**
 * Files that are dropped anywhere in the window. A backup leads to what restoring it would do, also where an editor would have taken it for an
 * attachment; what it is is known when its beginning has been read, so any other file is dropped once more where it was. What nobody takes would be
 * opened by the browser in the app's place: it is named, or nothing becomes of it.
 */
import type { App } from '#app/app.ts';
import type { Shell } from './shell.ts';

/** What backups are called. Any name is looked into; others only cost a question. */
const NAMED = /\.(?:json|ya?ml|zip|age)$/i;
/** What a drag says of such files; of YAML and age most systems know nothing. */
const TYPES = [
  '',
  'application/json',
  'application/zip',
  'application/x-zip-compressed',
  'application/yaml',
  'application/x-yaml',
  'text/yaml',
];

/** Drops of ours, which are passed on as they are. */
const passedOn = new WeakSet<Event>();

export interface DroppedFiles {
  readonly app: () => App | undefined;
  readonly shell: () => Shell;
  /** A file that may be a backup is over the window, or no longer. */
  readonly onHint: (isOver: boolean) => void;
}

export function takeDroppedFiles(page: Window, { app, shell, onHint }: DroppedFiles): () => void {
  const restore = (file: File): void => {
    app()?.backups.offered.set({ file });
    shell().navigate('/backups/file');
  };

  const onDrop = (event: DragEvent): void => {
    onHint(false);
    const file = onlyFile(event);
    if (passedOn.has(event) || !file || !NAMED.test(file.name) || !app()) return;
    const target = event.composedPath()[0];
    event.preventDefault();
    event.stopImmediatePropagation();
    void import('#app/backup-offer.ts')
      .then(({ isBackupFile }) => isBackupFile(file))
      .catch(() => false)
      .then((isBackup) => (isBackup ? restore(file) : passOn(event, file, target)));
  };

  /** Asked last: whoever takes a drop has prevented what the browser does by then. */
  const onUnclaimed = (event: DragEvent): void => {
    const { dataTransfer } = event;
    if (event.defaultPrevented || !dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    const file = event.type === 'drop' ? onlyFile(event) : null;
    // Another app's file is named there.
    if (file && NAMED.test(file.name) && app()) restore(file);
    else dataTransfer.dropEffect = event.type === 'dragover' && mayBeBackup(event) ? 'copy' : 'none';
  };
  const onOver = (event: DragEvent): void => onHint(mayBeBackup(event));
  const onLeave = (event: DragEvent): void => {
    // Left for nothing: for another window.
    if (event.relatedTarget === null) onHint(false);
  };

  page.addEventListener('drop', onDrop, true);
  page.addEventListener('dragenter', onOver, true);
  page.addEventListener('dragleave', onLeave, true);
  page.addEventListener('dragover', onUnclaimed);
  page.addEventListener('drop', onUnclaimed);
  return () => {
    page.removeEventListener('drop', onDrop, true);
    page.removeEventListener('dragenter', onOver, true);
    page.removeEventListener('dragleave', onLeave, true);
    page.removeEventListener('dragover', onUnclaimed);
    page.removeEventListener('drop', onUnclaimed);
  };
}

function onlyFile({ dataTransfer }: DragEvent): File | null {
  const [file, second] = dataTransfer?.files ?? [];
  return file && !second ? file : null;
}

function mayBeBackup({ dataTransfer }: DragEvent): boolean {
  const [item, second] = [...(dataTransfer?.items ?? [])].filter(({ kind }) => kind === 'file');
  return item !== undefined && second === undefined && TYPES.includes(item.type);
}

/** The same drop once more, where it was. */
function passOn({ clientX, clientY }: DragEvent, file: File, target: EventTarget | undefined): void {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(file);
  const again = new DragEvent('drop', { bubbles: true, cancelable: true, composed: true, clientX, clientY, dataTransfer });
  passedOn.add(again);
  target?.dispatchEvent(again);
}
