/** What no note in the app can be faster than: the product's editor with the same extensions, in a page with nothing else. */
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { editorExtensions } from '#ui/panels/notes/editor/codemirror-setup.ts';

const host = document.createElement('div');
document.body.append(host);
// In light DOM the content security policy would block its style sheet.
const root = host.attachShadow({ mode: 'open' });
const extensions = editorExtensions({ label: 'Note text', placeholder: 'Start writing…' }, false, () => {});
new EditorView({ state: EditorState.create({ extensions }), parent: root, root });
