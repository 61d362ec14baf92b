/**
 * The one Trusted Types policy of the page: a second one of this name would throw, and the CSP names no other but those
 * of lit-html and DOMPurify. It passes addresses of this origin's own scripts, which the build has written.
 */
interface Policy {
  createScriptURL(url: string): string;
}
interface PolicyFactory {
  createPolicy(name: string, rules: Policy): Policy;
}

const sameOrigin = (url: string): string => {
  if (new URL(url, location.href).origin !== location.origin) throw new TypeError('a script of another origin');
  return url;
};

const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
const policy: Policy = factory?.createPolicy('app', { createScriptURL: sameOrigin }) ?? { createScriptURL: sameOrigin };

/** Accepted by `new Worker` and by service worker registration under Trusted Types, where the engine has them. */
export const trustedScriptUrl = (url: string): string => policy.createScriptURL(url);
