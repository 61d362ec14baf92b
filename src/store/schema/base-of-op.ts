import { decodeBody } from '#core/body.ts';
import type { Body } from '#core/entity.ts';
import type { Op } from '#core/protocol.ts';
import { EMPTY_BODY } from './rows.ts';
import type { BaseRow } from './schema.ts';

/** The base that an op of this device becomes once the server has taken it. */
export function baseOfOp({ opId, kind, id, v, body, deleted }: Op): BaseRow {
  const decoded = body === null ? null : decodeBody(body);
  const { fields, stamps }: Body = decoded?.ok ? decoded.value : EMPTY_BODY;
  return { kind, id, version: opId, v, fields, stamps, deleted };
}
