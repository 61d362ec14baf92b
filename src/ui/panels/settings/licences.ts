/**
 * The libraries that run in the browser. Their licences ask that the notice travels with every copy, so the texts are
 * bundled from the packages themselves, in a chunk of their own.
 */
export interface Licence {
  readonly name: string;
  readonly licence: string;
}

const FOLDER = /^\/node_modules\/((?:@[^/]+\/)?[^/]+)\//;
const packageName = (path: string): string => FOLDER.exec(path)?.[1] ?? path;

const names = import.meta.glob<string>(
  [
    '/node_modules/@codemirror/{commands,lang-markdown,language,search,state,view}/package.json',
    '/node_modules/@lezer/{common,highlight,lr,markdown}/package.json',
    '/node_modules/@lit/reactive-element/package.json',
    '/node_modules/@marijn/find-cluster-break/package.json',
    '/node_modules/@noble/{ciphers,curves,hashes,post-quantum}/package.json',
    '/node_modules/@scure/{base,bip39}/package.json',
    '/node_modules/@tanstack/{lit-virtual,virtual-core}/package.json',
    '/node_modules/@zip.js/zip.js/package.json',
    '/node_modules/{age-encryption,comlink,crelt,diff,dompurify,eventsource-parser,idb,idb-keyval,js-yaml,lit,lit-element,lit-html,lucide-static,marked,node-diff3,style-mod,uqr,valibot,w3c-keyname}/package.json',
    '/node_modules/workbox-{background-sync,core,precaching,routing,strategies,window}/package.json',
  ],
  { eager: true, import: 'license' },
);

export const licences: readonly Licence[] = Object.entries(names)
  .map(([path, licence]) => ({ name: packageName(path), licence }))
  .sort((a, b) => a.name.localeCompare(b.name));

const version = import.meta.glob<string>('/package.json', { eager: true, import: 'version' });

export const appVersion: string = Object.values(version)[0] ?? '';
