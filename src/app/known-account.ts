/**
 * Remembers the account of this browser in a cookie that the page can read: it lives and goes with the device's own cookie,
 * which no script sees. A start that finds nothing else asks the server for that account (`store/second-copy/`).
 */
import { formatKnownAccount, type KnownAccount, parseKnownAccount } from '#core/known-account.ts';

/** Browsers keep a cookie for 400 days at most. */
const MAX_AGE_S = 400 * 24 * 60 * 60;

/** Cookies are shared by all ports of a host; this one is not. */
const cookieName = (): string => `holdfast-account-${location.port || 'default'}`;

/** The account that was open here last; null where none is remembered. */
export function readKnownAccount(deviceName: string): KnownAccount | null {
  const start = `${cookieName()}=`;
  const cookie = document.cookie.split('; ').find((one) => one.startsWith(start));
  return cookie === undefined ? null : parseKnownAccount(cookie.slice(start.length), deviceName);
}

/** Remembers the account that is open from now on; null forgets it. */
export function writeKnownAccount(account: KnownAccount | null): void {
  const secure = location.protocol === 'https:' ? '; secure' : '';
  const value = account ? formatKnownAccount(account) : '';
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not there in every browser.
  document.cookie = `${cookieName()}=${value}; path=/; max-age=${account ? MAX_AGE_S : 0}; samesite=strict${secure}`;
}
