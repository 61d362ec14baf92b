// The rescue page's own script: no build, no library, no app code, so that nothing that breaks the app can break it.
// It only reads. What it writes is a file in the downloads.

const PREFIX = 'holdfast-';
const REGISTRY = 'holdfast-registry';
/** Rows read at a time: enough to be quick, few enough to stay in memory beside the file. */
const BATCH = 500;
/** The column `place` of an entity. */
const LIVE = 0;
const BINNED = 1;

const byId = (id) => document.getElementById(id);

/** Makes an element with text and children. Text is set as text: what is in the storage is never taken for HTML. */
function make(tag, text, ...children) {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  element.append(...children);
  return element;
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Opens a database as it is. One that does not exist is not created. */
function openDatabase(name) {
  // biome-ignore lint/style/noRestrictedGlobals: this page is in for the store when the app is broken.
  const request = indexedDB.open(name);
  request.onupgradeneeded = () => request.transaction.abort();
  return settled(request);
}

/** The names of all databases of Holdfast here. Where the browser does not list them, the registry names the workspaces. */
async function listNames() {
  const { databases } = IDBFactory.prototype;
  if (databases) {
    // biome-ignore lint/style/noRestrictedGlobals: as above.
    const all = await databases.call(indexedDB);
    return all
      .map(({ name }) => name ?? '')
      .filter((name) => name.startsWith(PREFIX))
      .sort()
      .reverse();
  }
  const database = await openDatabase(REGISTRY);
  const workspaces = await settled(database.transaction('workspaces').objectStore('workspaces').getAll());
  database.close();
  return [REGISTRY, ...workspaces.map(({ id }) => `holdfast-ws-${id}`)];
}

async function countRows(name) {
  const database = await openDatabase(name);
  const stores = [];
  for (const store of database.objectStoreNames) {
    stores.push({ store, count: await settled(database.transaction(store).objectStore(store).count()) });
  }
  const kinds = database.objectStoreNames.contains('entities') ? await countKinds(database) : [];
  database.close();
  return { name, stores, kinds };
}

/** How many there are of each kind, by the names that the rows themselves have: a kind that is newer than this page counts, too. */
async function countKinds(database) {
  const entities = database.transaction('entities').objectStore('entities');
  const kinds = [];
  for (let kind = ''; ; ) {
    // Keys are [kind, id]; behind all strings there is [].
    // biome-ignore lint/style/noRestrictedGlobals: as above.
    const [key] = await settled(entities.getAllKeys(IDBKeyRange.lowerBound([kind, []], true), 1));
    if (!Array.isArray(key)) return kinds;
    [kind] = key;
    const [live, binned] = [await countIn(entities, kind, LIVE), await countIn(entities, kind, BINNED)];
    if (live + binned > 0) kinds.push({ kind, live, binned });
  }
}

function countIn(entities, kind, place) {
  // biome-ignore lint/style/noRestrictedGlobals: as above.
  return settled(entities.index('byPlace').count(IDBKeyRange.bound([kind, place], [kind, place, []])));
}

const row = (name, ...counts) => make('tr', '', make('th', name), ...counts.map((count) => make('td', count.toLocaleString())));

function showDatabase({ name, stores, kinds }) {
  const title = name.startsWith('holdfast-ws-')
    ? 'Workspace'
    : name.startsWith('holdfast-journal-')
      ? 'Journal: what was typed last and not saved yet'
      : name === REGISTRY
        ? 'List of workspaces'
        : 'Settings of this browser';
  const found = kinds.map(({ kind, live, binned }) => row(kind.replaceAll('-', ' '), live, binned));
  const stored = make('table', '', ...stores.map(({ store, count }) => row(store, count)));
  const table = make('table', '', row('Kind', 'here', 'in the bin'), ...found);
  return make('div', '', make('h3', title), found.length > 0 ? table : '', make('details', '', make('summary', name), stored));
}

// ---- The second copy, beside the databases: what had not been sent, and the list of workspaces ----

const COPY = 'holdfast-copy';

/** Every file of the second copy, wherever this browser keeps it: `{ place, folder, file, text }`. */
async function readCopy() {
  const found = await Promise.all([readFolders(), readCaches()].map((files) => files.catch(() => [])));
  return found.flat().sort((a, b) => (a.folder + a.file < b.folder + b.file ? -1 : 1));
}

async function readFolders() {
  const files = [];
  const origin = await navigator.storage.getDirectory();
  const root = await origin.getDirectoryHandle(COPY);
  for await (const folder of root.values()) {
    if (folder.kind !== 'directory') continue;
    for await (const file of folder.values()) {
      const text = await readFile(file);
      files.push({ place: 'file system', folder: folder.name, file: file.name, text });
    }
  }
  return files;
}

/** A file that a tab of the app writes to in this moment is read again; one that stays unreadable costs no other. */
async function readFile(file) {
  for (let tries = 5; ; tries--) {
    try {
      return await (await file.getFile()).text();
    } catch (error) {
      if (tries === 0) return `could not be read: ${because(error)}`;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

async function readCaches() {
  // A cache that is opened would be created.
  if (!(await caches.has(COPY))) return [];
  const cache = await caches.open(COPY);
  const files = new Map();
  // A file is a row of entries: `/holdfast-copy/<folder>/<file>/<number>`.
  const paths = (await cache.keys()).map(({ url }) => new URL(url).pathname).sort();
  for (const path of paths) {
    const [folder, file] = path.split('/').slice(2);
    const known = files.get(folder + file)?.text ?? '';
    files.set(folder + file, { place: 'cache', folder, file, text: known + (await (await cache.match(path)).text()) });
  }
  return [...files.values()];
}

/** The lines of a file: `<checksum> <JSON>`. One that is damaged is kept as the text that is left of it. */
function readRecords(text) {
  return text.split('\n').flatMap((line) => {
    if (line === '') return [];
    try {
      return [JSON.parse(line.slice(9))];
    } catch {
      return [{ type: 'damaged', text: line }];
    }
  });
}

/** How many entities of each kind the copy holds whose changes the server had not taken. */
function countUnsent(files) {
  const unsent = new Map();
  for (const { folder, text } of files) {
    for (const record of readRecords(text)) {
      if (record.type === 'unsent') unsent.set([folder, record.row?.kind, record.row?.id].join(), record.row?.kind);
      if (record.type === 'settled') for (const [kind, id] of record.keys) unsent.delete([folder, kind, id].join());
    }
  }
  const counts = new Map();
  for (const kind of unsent.values()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

function showCopy(files) {
  const counts = [...countUnsent(files)].map(([kind, count]) => row(String(kind).replaceAll('-', ' '), count));
  const table = make('table', '', row('Kind', 'not sent'), ...counts);
  const stored = files.map(({ place, folder, file, text }) => row(`${place}: ${folder}/${file}`, text.length));
  const details = make('details', '', make('summary', `${files.length} files`), make('table', '', ...stored));
  const title = make('h3', 'Second copy: what the server had not taken yet');
  return make('div', '', title, counts.length > 0 ? table : make('p', 'Nothing was waiting to be sent.'), details);
}

// ---- Pictures and files: their bytes are files of the origin, small ones rows of the databases ----

const FILES = 'holdfast-blobs';
/** The store with the bytes of small files: they are downloaded as files, and are not in the JSON file. */
const BYTES = 'blob-bytes';
const HASH = /^[0-9a-f]{64}$/;
/** More are in the archive, and not in the list. */
const LISTED = 200;
const EXTENSIONS = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/avif': 'avif',
  'image/svg+xml': 'svg',
  'application/pdf': 'pdf',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/ogg': 'ogg',
  'audio/wav': 'wav',
  'text/plain': 'txt',
};
/** What the first bytes say where no row does any more, read as Latin-1. */
const BEGINNINGS = [
  [/^\x89PNG/, 'image/png'],
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^GIF8/, 'image/gif'],
  [/^RIFF....WEBP/s, 'image/webp'],
  [/^RIFF....WAVE/s, 'audio/wav'],
  [/^....ftypavif/s, 'image/avif'],
  [/^%PDF/, 'application/pdf'],
  [/^ID3/, 'audio/mpeg'],
  [/^OggS/, 'audio/ogg'],
];

/** Every file that can be had: `{ name, size, bytes() }`, each content once. */
async function findFiles(names) {
  const found = new Map();
  const types = new Map();
  for (const name of names) await addRows(name, found, types).catch(() => {});
  await addOriginFiles(found, types).catch(() => {});
  return [...found.values()].sort((a, b) => b.size - a.size);
}

async function addRows(name, found, types) {
  const database = await openDatabase(name);
  if (database.objectStoreNames.contains('blobs')) {
    await readRows(database, 'blobs', (hash, { type, size, at, rows }) => {
      types.set(hash, type);
      if (at !== 'rows') return;
      found.set(hash, { name: fileName(hash, type), size, bytes: () => readBytes(name, rows, type) });
    });
  }
  database.close();
}

async function readBytes(name, rows, type) {
  const database = await openDatabase(name);
  const store = database.transaction(BYTES).objectStore(BYTES);
  // biome-ignore lint/style/noRestrictedGlobals: as above.
  const parts = await settled(store.getAll(IDBKeyRange.bound([rows, 0], [rows, Number.POSITIVE_INFINITY])));
  database.close();
  return new Blob(
    parts.map(({ bytes }) => bytes),
    { type },
  );
}

async function addOriginFiles(found, types) {
  const origin = await navigator.storage.getDirectory();
  const root = await origin.getDirectoryHandle(FILES);
  for await (const folder of root.values()) {
    if (folder.kind !== 'directory') continue;
    for await (const handle of folder.values()) {
      if (!HASH.test(handle.name) || found.has(handle.name)) continue;
      const file = await handle.getFile().catch(() => null);
      if (!file) continue;
      const type = types.get(handle.name) || (await typeOf(file));
      found.set(handle.name, { name: fileName(handle.name, type), size: file.size, bytes: () => handle.getFile() });
    }
  }
}

const fileName = (hash, type) => `files/${hash}.${EXTENSIONS[type] ?? 'bin'}`;

async function typeOf(file) {
  const bytes = new Uint8Array(await file.slice(0, 16).arrayBuffer());
  const text = String.fromCharCode(...bytes);
  return BEGINNINGS.find(([beginning]) => beginning.test(text))?.[1] ?? '';
}

/** The head of a file in a tar archive (POSIX.1-1988, ustar). */
function tarHead(name, size) {
  const head = new Uint8Array(512);
  const put = (at, text) => head.set(new TextEncoder().encode(text), at);
  const octal = (value, digits) => `${value.toString(8).padStart(digits, '0')}\0`;
  put(0, name);
  put(100, octal(0o644, 7) + octal(0, 7) + octal(0, 7) + octal(size, 11) + octal(Math.floor(Date.now() / 1000), 11));
  put(148, '        0');
  put(257, 'ustar\x0000');
  const sum = head.reduce((a, b) => a + b, 0);
  put(148, `${octal(sum, 6)} `);
  return head;
}

let files = [];

/** Parts that name the files instead of holding them: the browser reads them while it writes the download. */
async function downloadFiles() {
  const state = byId('files-state');
  const button = byId('download-files');
  button.disabled = true;
  const parts = [];
  const failed = [];
  for (const [at, { name, bytes }] of files.entries()) {
    if (at % 100 === 0) state.textContent = `Reading… ${at.toLocaleString()} of ${files.length.toLocaleString()}`;
    try {
      const file = await bytes();
      parts.push(tarHead(name, file.size), file, new Uint8Array((512 - (file.size % 512)) % 512));
    } catch (error) {
      failed.push(`${name} (${because(error)})`);
    }
  }
  parts.push(new Uint8Array(1024));
  const name = `holdfast-files-${today()}.tar`;
  download(name, new Blob(parts, { type: 'application/x-tar' }));
  const problem = failed.length > 0 ? ` Not readable: ${failed.join(', ')}.` : '';
  state.textContent = `Downloaded ${(files.length - failed.length).toLocaleString()} files as ${name}.${problem}`;
  button.disabled = false;
}

async function downloadFile({ name, bytes }) {
  const state = byId('files-state');
  try {
    download(name.slice('files/'.length), await bytes());
    state.textContent = `Downloaded ${name}.`;
  } catch (error) {
    state.textContent = `${name} could not be read: ${because(error)}`;
  }
}

const sizeText = (bytes) => `${(bytes / 1_000_000).toLocaleString(undefined, { maximumFractionDigits: 1 })} MB`;

function showFiles() {
  byId('files').hidden = files.length === 0;
  const total = files.reduce((sum, { size }) => sum + size, 0);
  byId('files-found').textContent =
    `${files.length.toLocaleString()} ${files.length === 1 ? 'file' : 'files'}, ${sizeText(total)}.`;
  const rows = files.slice(0, LISTED).map((file) => {
    const button = make('button', 'Download');
    button.type = 'button';
    button.setAttribute('aria-label', `Download ${file.name}`);
    button.addEventListener('click', () => downloadFile(file));
    return make('tr', '', make('th', file.name), make('td', sizeText(file.size)), make('td', '', button));
  });
  const more = files.length > LISTED ? make('p', `${(files.length - LISTED).toLocaleString()} more are in the archive.`) : '';
  byId('files-list').replaceChildren(make('summary', 'One by one'), make('table', '', ...rows), more);
}

const because = (error) => error?.message ?? 'reason unknown';

function problem(text) {
  const shown = make('p', text);
  shown.className = 'bad';
  return shown;
}

/** One place that cannot be read hides nothing of the others. */
async function showAll() {
  const shown = [];
  const names = await listNames().catch((error) => {
    shown.push(problem(`The databases could not be read: ${because(error)}. Private browsing keeps none.`));
    return [];
  });
  for (const name of names) {
    try {
      shown.push(showDatabase(await countRows(name)));
    } catch (error) {
      shown.push(problem(`${name} could not be opened: ${because(error)}`));
    }
  }
  const copy = await readCopy();
  if (copy.length > 0) shown.push(showCopy(copy));
  byId('download-all').disabled = names.length + copy.length === 0;
  byId('workspaces').replaceChildren(...shown);
  files = await findFiles(names);
  showFiles();
  if (shown.length + files.length === 0)
    byId('workspaces').replaceChildren(make('p', 'Nothing: no work of Holdfast is stored in this browser under this address.'));
}

// ---- Download ----

const today = () => new Date().toISOString().slice(0, 10);

function download(name, blob) {
  const link = make('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function toBase64(bytes) {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

/** A stored value as JSON can hold it. What JSON has no form for gets a tag: `$bytes`, `$date`, `$other`. */
async function encode(value, withKeys) {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : { $other: String(value) };
  if (value instanceof ArrayBuffer) return { $bytes: toBase64(new Uint8Array(value)) };
  if (ArrayBuffer.isView(value)) return { $bytes: toBase64(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) };
  if (value instanceof Blob) return { $bytes: toBase64(new Uint8Array(await value.arrayBuffer())), $type: value.type };
  if (value instanceof Date) return { $date: value.getTime() };
  if (Array.isArray(value)) return Promise.all(value.map((item) => encode(item, withKeys)));
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    const copy = Object.create(null);
    for (const [key, item] of Object.entries(value)) {
      copy[key] = key === 'accountKey' && !withKeys ? '(left out)' : await encode(item, withKeys);
    }
    return copy;
  }
  return { $other: Object.prototype.toString.call(value) };
}

/** Reads a store in batches, each in a transaction of its own, and hands every row to `take`. */
async function readRows(database, store, take) {
  let range;
  for (;;) {
    const source = database.transaction(store).objectStore(store);
    const [keys, values] = await Promise.all([settled(source.getAllKeys(range, BATCH)), settled(source.getAll(range, BATCH))]);
    for (const [at, key] of keys.entries()) await take(key, values[at]);
    if (keys.length < BATCH) return;
    // biome-ignore lint/style/noRestrictedGlobals: as above.
    range = IDBKeyRange.lowerBound(keys.at(-1), true);
  }
}

async function writeDatabase(name, parts, withKeys, progress) {
  const database = await openDatabase(name);
  parts.push(`{"name":${JSON.stringify(name)},"version":${database.version},"stores":{`);
  const stores = [...database.objectStoreNames].filter((store) => store !== BYTES);
  for (const [nth, store] of stores.entries()) {
    parts.push(`${nth > 0 ? ',' : ''}\n${JSON.stringify(store)}:[`);
    let rows = 0;
    await readRows(database, store, async (key, value) => {
      const row = { key: await encode(key, withKeys), value: await encode(value, withKeys) };
      parts.push(`${rows > 0 ? ',' : ''}\n${JSON.stringify(row)}`);
      rows++;
      progress();
    });
    parts.push(']');
  }
  parts.push('}}');
  database.close();
}

async function downloadAll() {
  const button = byId('download-all');
  const state = byId('download-state');
  const withKeys = byId('with-keys').checked;
  button.disabled = true;
  let rows = 0;
  const progress = () => {
    rows++;
    if (rows % BATCH === 0) state.textContent = `Reading… ${rows.toLocaleString()} rows`;
  };
  const head = { format: 'holdfast-rescue', version: 1, at: new Date().toISOString(), origin: location.origin, withKeys };
  const parts = [`${JSON.stringify(head).slice(0, -1)},"databases":[`];
  const failed = [];
  let written = 0;
  for (const name of await listNames().catch(() => [])) {
    const own = [];
    try {
      await writeDatabase(name, own, withKeys, progress);
      parts.push(written > 0 ? ',\n' : '\n');
      // One by one: a spread of a hundred thousand rows would not fit on the stack.
      for (const part of own) parts.push(part);
      written++;
    } catch (error) {
      failed.push(`${name} (${because(error)})`);
    }
  }
  parts.push('],"copies":[');
  for (const [nth, { text, ...file }] of (await readCopy()).entries()) {
    const records = readRecords(text);
    rows += records.length;
    parts.push(`${nth > 0 ? ',' : ''}\n${JSON.stringify(await encode({ ...file, records }, withKeys))}`);
  }
  parts.push(']}\n');
  const name = `holdfast-rescue-${today()}.json`;
  download(name, new Blob(parts, { type: 'application/json' }));
  state.textContent = `Downloaded ${rows.toLocaleString()} rows as ${name}.${failed.length > 0 ? ` Not readable: ${failed.join(', ')}.` : ''}`;
  button.disabled = false;
}

// ---- The kept app ----

async function updateApp() {
  const state = byId('app-state');
  const registration = await navigator.serviceWorker?.getRegistration();
  if (!registration) {
    state.textContent = 'No app is kept in this browser. Opening Holdfast loads it from the server.';
    return;
  }
  state.textContent = 'Looking…';
  try {
    await registration.update();
  } catch {
    state.textContent = 'The server could not be reached. Try again when there is a network.';
    return;
  }
  const next = registration.installing ?? registration.waiting;
  if (!next) {
    state.textContent = 'The kept app is the newest.';
    return;
  }
  if (next.state === 'installing') await new Promise((resolve) => next.addEventListener('statechange', resolve, { once: true }));
  next.postMessage({ type: 'skip-waiting' });
  state.textContent = 'A newer app is in place. Go back to Holdfast.';
}

async function removeApp() {
  const state = byId('app-state');
  // Without a network there would be no app at all afterwards.
  if (!navigator.onLine) {
    state.textContent = 'There is no network. Without one the app could not be loaded again, so the kept copy stays.';
    return;
  }
  for (const registration of (await navigator.serviceWorker?.getRegistrations()) ?? []) await registration.unregister();
  state.textContent = 'The kept app is gone; your work is untouched. Loading the app again…';
  location.assign('/');
}

byId('download-all').addEventListener('click', downloadAll);
byId('download-files').addEventListener('click', downloadFiles);
byId('update-app').addEventListener('click', updateApp);
byId('remove-app').addEventListener('click', removeApp);
void showAll();
