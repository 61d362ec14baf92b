import { capitalize } from '#core/entity.ts';
import { documentNouns } from '#entities/documents.ts';
import { fold } from '#features/search/fold.ts';
import type { Command } from '#ui/shell/command.ts';
import { matchScore, wordsOf } from '#ui/text/text-match.ts';
import type { Choice } from './command-memory.ts';
import type { Named } from './name-search.ts';

export type Option =
  | { readonly type: 'command'; readonly command: Command }
  | { readonly type: 'document'; readonly named: Named };

/** Options under one heading. */
export interface Section {
  readonly name: string;
  readonly options: readonly Option[];
}

export interface Offer {
  /** Those that can run now. */
  readonly commands: readonly Command[];
  /** What was chosen before, newest first, as far as it is still there. */
  readonly recent: readonly Option[];
  readonly hits: readonly Named[];
}

/** Rows of each heading: what nobody would scroll through is not drawn. */
const MAX_RECENT = 8;
const MAX_NEW = 6;

/**
 * What the palette shows for a query. Without one: what was used last, the newest documents, all commands, those of the open
 * document first. With one: the commands and documents that fit, best first; of those that fit as well, first what is about the open
 * document, then what was used before. Documents come first where no command is called so. A query that starts with `>` asks for
 * commands only.
 */
export function listSections(query: string, { commands, recent, hits }: Offer): readonly Section[] {
  const onlyCommands = query.trimStart().startsWith('>');
  const words = wordsOf(onlyCommands ? query.trimStart().slice(1) : query);
  const used = new Set(recent.map(optionKey));
  const named = hits.map((hit): Option => ({ type: 'document', named: hit }));
  if (words.length === 0) {
    const known = onlyCommands ? recent.filter(({ type }) => type === 'command') : recent;
    return withoutEmpty([
      { name: 'Recent', options: known.slice(0, MAX_RECENT) },
      { name: 'Newest', options: onlyCommands ? [] : named.filter((option) => !used.has(optionKey(option))).slice(0, MAX_NEW) },
      { name: 'This document', options: asOptions(commands.filter(isAboutDocument)) },
      { name: 'Commands', options: asOptions(commands.filter((command) => !isAboutDocument(command))) },
    ]);
  }
  const scored = commands.flatMap((command) => {
    const score = scoreOf(command, words);
    return score > 0 ? [{ command, score }] : [];
  });
  const fitting = [...scored].sort(
    (a, b) =>
      b.score - a.score ||
      Number(isAboutDocument(b.command)) - Number(isAboutDocument(a.command)) ||
      Number(used.has(b.command.id)) - Number(used.has(a.command.id)),
  );
  const documents = onlyCommands
    ? []
    : [...named].sort((a, b) => Number(used.has(optionKey(b))) - Number(used.has(optionKey(a))));
  const sections = [
    { name: 'Commands', options: asOptions(fitting.map(({ command }) => command)) },
    { name: capitalize(documentNouns('many')), options: documents },
  ];
  // Commands that only other words lead to come behind documents that are called so.
  return withoutEmpty(fitting.some(({ score }) => score > 1) ? sections : sections.reverse());
}

/** A word of the label counts more than one of the other words that lead to a command. */
function scoreOf({ label, words = '', group }: Command, wanted: readonly string[]): number {
  const byLabel = matchScore(fold(label), wanted);
  return byLabel > 0 ? byLabel + 1 : Math.min(1, matchScore(fold(`${label} ${group} ${words}`), wanted));
}

const isAboutDocument = ({ group }: Command): boolean => group === 'Document';
const asOptions = (commands: readonly Command[]): readonly Option[] => commands.map((command) => ({ type: 'command', command }));
const withoutEmpty = (sections: readonly Section[]): readonly Section[] => sections.filter(({ options }) => options.length > 0);

export const choiceOf = (option: Option): Choice =>
  option.type === 'command' ? { command: option.command.id } : { panel: option.named.panel.id, id: option.named.id };

/** Names an option among all options. */
export const optionKey = (option: Option): string =>
  option.type === 'command' ? option.command.id : `${option.named.panel.id}/${option.named.id}`;
