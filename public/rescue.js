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
      if (tries === 0) return `could not be read: ${error?.message ?? 'reason unknown'}`;
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

async function showAll() {
  const place = byId('workspaces');
  try {
    const names = await listNames();
    const shown = [];
    for (const name of names) {
      try {
        shown.push(showDatabase(await countRows(name)));
      } catch (error) {
        const problem = make('p', `${name} could not be opened: ${error?.message ?? 'reason unknown'}`);
        problem.className = 'bad';
        shown.push(problem);
      }
    }
    const copy = await readCopy();
    if (copy.length > 0) shown.push(showCopy(copy));
    if (shown.length === 0) shown.push(make('p', 'Nothing: no work of Holdfast is stored in this browser under this address.'));
    place.replaceChildren(...shown);
    byId('download-all').disabled = names.length + copy.length === 0;
  } catch (error) {
    place.replaceChildren(
      make('p', `The storage could not be read: ${error?.message ?? 'reason unknown'}. Private browsing keeps none.`),
    );
  }
}

// ---- Download ----

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
  for (const [nth, store] of [...database.objectStoreNames].entries()) {
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
  for (const name of await listNames()) {
    const own = [];
    try {
      await writeDatabase(name, own, withKeys, progress);
      parts.push(written > 0 ? ',\n' : '\n');
      // One by one: a spread of a hundred thousand rows would not fit on the stack.
      for (const part of own) parts.push(part);
      written++;
    } catch (error) {
      failed.push(`${name} (${error?.message ?? 'reason unknown'})`);
    }
  }
  parts.push('],"copies":[');
  for (const [nth, { text, ...file }] of (await readCopy()).entries()) {
    const records = readRecords(text);
    rows += records.length;
    parts.push(`${nth > 0 ? ',' : ''}\n${JSON.stringify(await encode({ ...file, records }, withKeys))}`);
  }
  parts.push(']}\n');
  const link = make('a');
  link.href = URL.createObjectURL(new Blob(parts, { type: 'application/json' }));
  link.download = `holdfast-rescue-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  state.textContent = `Downloaded ${rows.toLocaleString()} rows as ${link.download}.${failed.length > 0 ? ` Not readable: ${failed.join(', ')}.` : ''}`;
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
byId('update-app').addEventListener('click', updateApp);
byId('remove-app').addEventListener('click', removeApp);
void showAll();
