/** Links by title, `[[Photosynthesis]]`: which document each leads to, and what becomes of those that lead nowhere yet. */
import type { App } from '#app/app.ts';
import { isSameName } from '#core/names.ts';
import { linkedKind } from '#entities/documents.ts';
import { TITLE_LINK } from '#features/markdown/title-links.ts';
import type { TitleMatch } from '#features/search/title-index.ts';
import { panelOfKind } from '#ui/panels/index.ts';
import type { AppPart } from '#ui/parts/app-part.ts';

/** The address of a document, or of a new one with this title. */
const addressOf = (match: TitleMatch | null, title: string): string => {
  const home = `/${panelOfKind(linkedKind().kind)?.id ?? ''}`;
  return match ? `${home}/${match.id}` : `${home}/new/${encodeURIComponent(title.toWellFormed())}`;
};

/** The title may go on with the name of a heading: `[[Cells#Membrane]]`. */
const titlesOf = (title: string): readonly string[] => {
  const at = title.indexOf('#');
  return at > 0 ? [title, title.slice(0, at).trim()] : [title];
};

interface Resolved {
  readonly matches: readonly (TitleMatch | null)[];
  readonly isComplete: boolean;
}

/** Looks titles up in the index of all documents; null where that could not be asked. */
export async function resolveTitles(app: Pick<App, 'search'>, titles: readonly string[]): Promise<Resolved | null> {
  const search = await app.search().catch(() => null);
  const asked = titles.map(titlesOf);
  const answer = await search?.titled({ kind: linkedKind().kind, titles: asked.flat() });
  if (!answer?.ok) return null;
  let at = 0;
  const matches = asked.map(({ length }) => {
    const found = answer.value.matches.slice(at, at + length).find((match) => match !== null);
    at += length;
    return found ?? null;
  });
  return { matches, isComplete: answer.value.complete };
}

/** The address that a title leads to: that of the document, else that of a new one of this title. */
export async function addressOfTitle(app: Pick<App, 'search'>, title: string): Promise<string | null> {
  const resolved = await resolveTitles(app, [title]);
  return resolved && addressOf(resolved.matches[0] ?? null, title);
}

interface TitleLinksOptions {
  /** A link to what is not there makes it; otherwise it is shown as it was written: `[[1]]` in an answer is no link. */
  readonly offersNew: boolean;
}

/** Gives the links that are drawn anywhere inside `host` (event `title-links`) their addresses, and again when documents change. */
export function titleLinks(host: AppPart, { offersNew }: TitleLinksOptions): void {
  let links = new Set<HTMLAnchorElement>();
  let waiting = false;
  let stop: (() => void) | undefined;

  const show = (link: HTMLAnchorElement, match: TitleMatch | null, isComplete: boolean): void => {
    const title = link.getAttribute(TITLE_LINK) ?? '';
    const { nouns } = linkedKind();
    const words = wordsOf(link);
    link.classList.toggle('missing-link', !match && offersNew && isComplete);
    if (match || (offersNew && isComplete)) link.setAttribute('href', addressOf(match, title));
    else link.removeAttribute('href');
    link.textContent = match || offersNew ? words : asWritten(title, words);
    if (match && match.count > 1)
      link.title = `${match.count} ${nouns.many} are called so. This opens the one that was changed last.`;
    else if (!match && offersNew && isComplete) link.title = `No ${nouns.one} is called so yet. This makes one.`;
    else link.removeAttribute('title');
  };

  const resolve = async (): Promise<void> => {
    waiting = false;
    links = new Set([...links].filter(({ isConnected }) => isConnected));
    const all = [...links];
    if (all.length === 0 || !host.isConnected) return;
    const resolved = await resolveTitles(
      host.app,
      all.map((link) => link.getAttribute(TITLE_LINK) ?? ''),
    );
    if (!resolved) return;
    for (const [at, link] of all.entries()) show(link, resolved.matches[at] ?? null, resolved.isComplete);
    if (!stop) void follow();
  };

  /** After each change that the index has taken in: a note may have been made, renamed or binned. */
  const follow = async (): Promise<void> => {
    stop = () => {};
    const search = await host.app.search().catch(() => null);
    let isFirst = true;
    stop = search?.state.subscribe(({ type }) => {
      if (!isFirst && type === 'ready') plan();
    });
    isFirst = false;
  };

  const plan = (): void => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => void resolve());
  };

  host.addEventListener('title-links', (event) => {
    for (const link of (event as CustomEvent<readonly HTMLAnchorElement[]>).detail) {
      written.set(link, link.textContent ?? '');
      links.add(link);
      if (!offersNew) link.textContent = asWritten(link.getAttribute(TITLE_LINK) ?? '', wordsOf(link));
    }
    plan();
  });
  host.addController({
    hostDisconnected() {
      stop?.();
      stop = undefined;
      links.clear();
    },
  });
}

/** The words of a link, as its text gives them. */
const written = new WeakMap<HTMLAnchorElement, string>();
const wordsOf = (link: HTMLAnchorElement): string => written.get(link) ?? link.textContent ?? '';

const asWritten = (title: string, words: string): string => (isSameName(title, words) ? `[[${words}]]` : `[[${title}|${words}]]`);
