import { hashText } from '#core/hash.ts';
import { countBytes, readStandIn, standInFor } from '#core/large-body.ts';

type Body = string | null;

const standing = (body: Body): Body =>
  body === null || readStandIn(body) ? body : standInFor({ blob: hashText(body), bytes: countBytes(body) });

/** Whether two ops carry one body: a large one may go whole, and as a stand-in that the server has lost the text of. */
export const isSameBody = (one: Body, other: Body): boolean => one === other || standing(one) === standing(other);
