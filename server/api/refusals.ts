/** Refusals that several steps give. */
import { ACCOUNT_DELETED } from '#core/account-protocol.ts';
import { type Refusal, refusal } from '#server/refusal.ts';

/** To every device of a deleted account, whatever it asks: to ask again is of no use. */
export const accountDeleted = refusal('forbidden', 'This account was deleted.', { reason: ACCOUNT_DELETED });

/** More passwords are being checked than this server does at a time. */
export const passwordsBusy: Refusal = {
  ...refusal('unavailable', 'Too many passwords are being checked. Try again.'),
  retryAfterSeconds: 5,
};
