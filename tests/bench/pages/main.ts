/** The page of the browser benchmarks: what a Node file of this folder calls is in `window.bench`. */
import type { BenchApi } from './bench-api.ts';

const sampleDocuments = async (count: number) => {
  const { sampleDocument } = await import('./sample-note.ts');
  return Array.from({ length: count }, (_, n) => sampleDocument(n));
};

const api: BenchApi = {
  fill: async (count, options) => (await import('./fill.ts')).fill(count, options),
  save: async (rounds) => (await import('./save.ts')).runSave(rounds),
  bulk: async (rounds, count) => (await import('./bulk.ts')).runBulk(rounds, count),
  list: async (rounds, few, many) => (await import('./list.ts')).runList(rounds, few, many),
  search: async (rounds, count) => (await import('./search.ts')).runSearch(rounds, count),
  makeAccount: async () => (await import('./files.ts')).makeAccount(),
  keepFile: async (size) => (await import('./files.ts')).keepFile(size),
  sendBare: async (size) => (await import('./files.ts')).sendBare(size),
  backUp: async () => (await import('./backups.ts')).backUp(),
  writeExports: async (rounds) => (await import('./exports.ts')).writeExports(rounds),
  writeYaml: async (rounds) => (await import('./exports.ts')).writeYaml(rounds),
  addFiles: async (count, size) => (await import('./backups.ts')).addFiles(count, size),
  download: async () => (await import('./backups.ts')).download(),
  bringPicked: async () => (await import('./backups.ts')).bringPicked(),
  restore: async () => (await import('./backups.ts')).restore(),
  changeNotes: async (count) => (await import('./backups.ts')).changeNotes(count),
  fillPictures: async (count) => (await import('./files.ts')).fillPictures(count),
  drain: async () => (await import('./holdfast-sync.ts')).drainAll(),
  join: async (keys) => (await import('./holdfast-sync.ts')).joinAccount(keys),
  postFromMemory: async (count) => (await import('./sync-floors.ts')).postFromMemory(count),
  putRaw: async (count) => (await import('./sync-floors.ts')).putRaw(count),
  pouchFill: async (name, count) => (await import('#bench-peers/pouchdb-sync.ts')).fillPouch(name, await sampleDocuments(count)),
  pouchPush: async (name, remote) => (await import('#bench-peers/pouchdb-sync.ts')).pushPouch(name, remote),
  pouchPull: async (name, remote) => (await import('#bench-peers/pouchdb-sync.ts')).pullPouch(name, remote),
  rxdbFill: async (name, count) => (await import('#bench-peers/rxdb-sync.ts')).fillRxdb(name, await sampleDocuments(count)),
  rxdbPush: async (name, remote) => (await import('#bench-peers/rxdb-sync.ts')).pushRxdb(name, remote),
  rxdbPull: async (name, remote) => (await import('#bench-peers/rxdb-sync.ts')).pullRxdb(name, remote),
};

window.bench = api;
