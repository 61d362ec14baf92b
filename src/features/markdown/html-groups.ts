/** HTML that is opened in one block and closed in a later one: on GitHub what is between them is inside. */
import type { Token } from 'marked';

const TAG = /<!--[\s\S]*?(?:-->|$)|<(\/?)([a-z][a-z0-9-]*)/gi;
const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));

interface Tag {
  readonly name: string;
  readonly closes: boolean;
}

function tagsOf(html: string): readonly Tag[] {
  return [...html.matchAll(TAG)].flatMap(([, slash, name]) =>
    name === undefined || VOID.has(name.toLowerCase()) ? [] : [{ name: name.toLowerCase(), closes: slash === '/' }],
  );
}

/** The elements that are open, and in which token each was opened. */
class OpenElements {
  private readonly open: { readonly name: string; readonly at: number }[] = [];
  private readonly counts = new Map<string, number>();

  push(name: string, at: number): void {
    this.open.push({ name, at });
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  /** Closes the innermost element of that name with all that is inside it; undefined where none is open. */
  close(name: string): number | undefined {
    while ((this.counts.get(name) ?? 0) > 0) {
      const last = this.open.pop();
      if (!last) return undefined;
      this.counts.set(last.name, (this.counts.get(last.name) ?? 1) - 1);
      if (last.name === name) return last.at;
    }
    return undefined;
  }
}

/** The HTML that a block holds in its lines, each piece by itself. */
type HtmlInside = (token: Token) => readonly string[];

/**
 * Joins the tokens from the HTML block that leaves an element open up to the one that closes it. What is never closed stays
 * apart. The work grows with the text, not with its nesting.
 */
export function groupHtml(tokens: readonly Token[], htmlInside: HtmlInside): readonly (readonly Token[])[] {
  const open = new OpenElements();
  /** For each token the last one that belongs to it. */
  const ends = tokens.map((_, at) => at);
  const join = (from: number | undefined, to: number): void => {
    if (from !== undefined) ends[from] = to;
  };
  for (const [at, token] of tokens.entries()) {
    if (token.type === 'html') {
      for (const { name, closes } of tagsOf(token.raw)) {
        if (closes) join(open.close(name), at);
        else open.push(name, at);
      }
    } else if (token.raw.includes('</')) {
      const own = new OpenElements();
      for (const { name, closes } of htmlInside(token).flatMap(tagsOf)) {
        if (!closes) own.push(name, at);
        else if (own.close(name) === undefined) join(open.close(name), at);
      }
    }
  }
  const groups: Token[][] = [];
  let end = -1;
  for (const [at, token] of tokens.entries()) {
    if (at > end) groups.push([]);
    groups.at(-1)?.push(token);
    end = Math.max(end, ends[at] ?? at);
  }
  return groups;
}
