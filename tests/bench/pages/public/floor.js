// What no app can go below: one button, made by a script, and a service worker that answers from its cache.
const button = document.createElement('button');
button.textContent = 'New note';
document.body.append(button);
const sameUrl = { createScriptURL: (url) => url };
const policy = globalThis.trustedTypes?.createPolicy('app', sameUrl) ?? sameUrl;
requestIdleCallback(() => navigator.serviceWorker.register(policy.createScriptURL('floor-sw.js')));
