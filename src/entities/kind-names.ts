/** What a person calls a kind; one that this version does not know is called as it calls itself. */
import { capitalize } from '#core/entity.ts';
import { ledger } from './index.ts';

/** *note*, in a sentence. */
export const kindName = (kind: string): string => ledger.get(kind)?.nouns.one ?? kind.replaceAll('-', ' ');

/** *Notes*, for a table. */
export const kindPlural = (kind: string): string => capitalize(ledger.get(kind)?.nouns.many ?? kind.replaceAll('-', ' '));
