/** The field for tags in a real browser, as keyboards of phones, input methods and the clipboard fill it. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TagEditor } from '#ui/documents/tag-editor.ts';

let editor: TagEditor;
let field: HTMLInputElement;

beforeEach(async () => {
  editor = new TagEditor();
  editor.addEventListener('tags', (event) => {
    editor.tags = (event as CustomEvent<readonly string[]>).detail;
  });
  document.body.append(editor);
  await editor.updateComplete;
  field = editor.renderRoot.querySelector('input') as HTMLInputElement;
});

afterEach(() => editor.remove());

/** Text that arrives without a key, as phones send it. */
async function type(text: string, composing = false): Promise<void> {
  field.value += text;
  field.dispatchEvent(new InputEvent('input', { data: text, isComposing: composing, bubbles: true }));
  await editor.updateComplete;
}

async function press(key: string): Promise<void> {
  field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  await editor.updateComplete;
}

async function paste(text: string): Promise<void> {
  const clipboardData = new DataTransfer();
  clipboardData.setData('text/plain', text);
  field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  await editor.updateComplete;
}

test('text with a comma that comes without a comma key is two tags', async () => {
  await type('biology,exam');
  await press('Enter');
  expect(editor.tags).toEqual(['biology', 'exam']);
  expect(field.value).toBe('');
});

test('what is behind the last comma is still typed', async () => {
  await type('生物，试');
  expect(editor.tags).toEqual(['生物']);
  expect(field.value).toBe('试');
});

test('a comma of a composition that goes on is not taken yet', async () => {
  await type('せいぶつ、', true);
  expect(editor.tags).toEqual([]);
  field.dispatchEvent(new CompositionEvent('compositionend', { data: field.value, bubbles: true }));
  await editor.updateComplete;
  expect(editor.tags).toEqual(['せいぶつ']);
});

test.each(['one\ntwo', 'one,two', 'one;two\r\n'])('the pasted list %j is as many tags', async (text) => {
  await paste(text);
  expect(editor.tags).toEqual(['one', 'two']);
});

test('a pasted list goes on with what was typed in front of it', async () => {
  await type('bio');
  await paste('logy,exam');
  expect(editor.tags).toEqual(['biology', 'exam']);
});

test('a tag that looks like one of the document is the same tag', async () => {
  editor.tags = ['caf\u00e9'];
  await editor.updateComplete;
  await type('cafe\u0301');
  await press('Enter');
  await type('CAFÉ');
  await press(',');
  expect(editor.tags).toEqual(['caf\u00e9']);
});

test('a tag takes the form in which other documents have it', async () => {
  editor.suggestions = ['Exam'];
  await editor.updateComplete;
  await type('#exam,');
  expect(editor.tags).toEqual(['Exam']);
});
