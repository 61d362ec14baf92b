import { addressOfTitle } from '#ui/documents/title-links.ts';
import type { AppPart } from '#ui/parts/app-part.ts';
import type { TitleLinking } from './editor/title-links.ts';

/** Titles that are offered for a link. */
const MOST_TITLES = 20;

/** What the links in a note's text lead to, and what completes them. `ownId` is the note's: it is not offered to itself. */
export const noteLinking = (part: AppPart, ownId: () => string): TitleLinking => ({
  async titles(text) {
    const search = await part.app.search().catch(() => null);
    const found = await search?.completeTitle({ kind: 'note', text, limit: MOST_TITLES + 1 });
    const others = found?.ok ? found.value.filter(({ id }) => id !== ownId()) : [];
    return others.slice(0, MOST_TITLES).map(({ title }) => title);
  },
  async follow(title) {
    if (title === undefined) {
      part.shell.notify({ text: 'There is no link to a note at the caret.' });
      return;
    }
    const address = await addressOfTitle(part.app, title);
    if (address !== null) part.shell.navigate(address);
    else part.shell.notify({ text: 'The link could not be looked up just now. Try it again.', tone: 'bad' });
  },
});
