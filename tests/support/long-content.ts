/** What people really have: long titles, a long first line, many tags, wide code and tables, and how large they read it. */
import type { Page } from '@playwright/test';
import type { Content } from './surfaces.ts';

const LONG_TITLE = `${'A title that somebody pasted from a lecture, '.repeat(6)}with aVeryLongWordThatNobodyCanBreakAnywhere${'x'.repeat(40)}`;
const LONG_LINE = `${'unbroken'.repeat(40)} and then words, ${'https://example.com/a/very/long/path'.repeat(4)}`;
const CODE = `\`\`\`js\n${'const wide = 1; '.repeat(30)}\n\`\`\`\n\n| ${'wide column | '.repeat(20)}\n|${'---|'.repeat(20)}\n| ${'cell | '.repeat(20)}\n`;

/** A note, a chat and their names that fit nowhere easily. */
export const longContent: Content = {
  notes: [
    { title: 'Short', text: 'Words.' },
    {
      title: 'ملاحظات المحاضرة الثالثة: التركيب الضوئي في النباتات، وأهمية الضوء والماء وثاني أكسيد الكربون (2026)',
      text: 'تحوّل النباتات **الضوء** إلى سكر (glucose) في خطوتين.\n\n- الماء: H2O\n- الضوء',
    },
    { title: LONG_TITLE, text: `${LONG_LINE}\n\n${CODE}` },
  ],
  tags: ['الكيمياء', `a-tag-${'that-is-long-'.repeat(5)}`, ...Array.from({ length: 20 }, (_, number) => `tag-${number}-of-many`)],
  notebook: 'A notebook with a long name for the whole of the winter term',
  prompt: `${LONG_TITLE} ${LONG_LINE}`,
  answer: `${LONG_LINE}\n\n${CODE}`,
  searched: 'unbroken',
};

/** The largest text and the direction are the person's settings and language: set where the app reads them. */
export async function setLook(page: Page, textSize: string, direction: 'ltr' | 'rtl'): Promise<void> {
  await page.evaluate(
    ({ size, dir }) => {
      document.documentElement.dir = dir;
      document.documentElement.dataset['text'] = size;
    },
    { size: textSize, dir: direction },
  );
}
