/** The headers that every answer carries, and the content security policies. */

/** By default nothing may load; each line then allows what the app really uses. */
const pagePolicy = (connectSrc: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob: data:",
    `connect-src ${connectSrc}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "font-src 'self'",
    "media-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types lit-html app dompurify',
  ].join('; ');

const APP_POLICY = pagePolicy("'self'");

/** The one worker that talks to language models elsewhere. A worker follows the policy it was served with, not its page's. */
const LLM_WORKER_POLICY = pagePolicy("'self' https: http://localhost:* http://127.0.0.1:*");
const LLM_WORKER = /^\/assets\/llm\.worker-[^/]*\.js$/;

/** The rescue page reads IndexedDB and offers downloads, with its own script file: no network, no policy of Trusted Types. */
const RESCUE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const API_POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The policy for what is served at this path. */
export function policyFor(path: string): string {
  if (path.startsWith('/api/')) return API_POLICY;
  if (path === '/rescue.html') return RESCUE_POLICY;
  return LLM_WORKER.test(path) ? LLM_WORKER_POLICY : APP_POLICY;
}

/** On every answer, the API's too. */
export const commonHeaders: { readonly [name: string]: string } = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), browsing-topics=()',
};
