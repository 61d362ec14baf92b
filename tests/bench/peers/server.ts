/**
 * The servers of the peers, on loopback: the site's files; PouchDB's own server (express-pouchdb over LevelDB); and the
 * two endpoints of RxDB's documentation for replication over HTTP, over SQLite with the settings of the product's server.
 */
import { open } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import express from 'express';
import expressPouch from 'express-pouchdb';
import PouchDB from 'pouchdb';

interface Row {
  readonly id: string;
  readonly updated: number;
  readonly document: string;
}

interface Change {
  readonly newDocumentState: { readonly id: string; readonly updatedAt: number };
  readonly assumedMasterState?: { readonly updatedAt: number };
}

const [site = '.', dataDir = '.'] = process.argv.slice(2);

const database = new SqliteDatabase(join(dataDir, 'rxdb.db'));
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.exec('CREATE TABLE documents (id TEXT PRIMARY KEY, updated INTEGER NOT NULL, document TEXT NOT NULL)');
database.exec('CREATE INDEX by_time ON documents (updated, id)');
const find = database.prepare<[string], Row>('SELECT id, updated, document FROM documents WHERE id = ?');
const store = database.prepare('INSERT OR REPLACE INTO documents (id, updated, document) VALUES (?, ?, ?)');
const after = database.prepare<[number, number, string, number], Row>(
  'SELECT id, updated, document FROM documents WHERE updated > ? OR (updated = ? AND id > ?) ORDER BY updated, id LIMIT ?',
);

/** A change whose base is not what is here is answered with what is. */
const push = database.transaction((changes: readonly Change[]): readonly unknown[] =>
  changes.flatMap(({ newDocumentState, assumedMasterState }) => {
    const current = find.get(newDocumentState.id);
    if (current && current.updated !== assumedMasterState?.updatedAt) return [JSON.parse(current.document)];
    store.run(newDocumentState.id, newDocumentState.updatedAt, JSON.stringify(newDocumentState));
    return [];
  }),
);

const app = express();
app.disable('x-powered-by');
app.use(express.static(site));
app.post('/rxdb/push', express.json({ limit: '50mb' }), (request, response) => {
  response.json(push(request.body as readonly Change[]));
});
app.get('/rxdb/pull', (request, response) => {
  const updated = Number(request.query['updatedAt']);
  const rows = after.all(updated, updated, String(request.query['id']), Number(request.query['limit']));
  const last = rows.at(-1);
  const checkpoint = last ? { id: last.id, updatedAt: last.updated } : { id: request.query['id'], updatedAt: updated };
  response.json({ documents: rows.map(({ document }) => JSON.parse(document)), checkpoint });
});
/** A file as it comes, flushed: the least that a server can do. */
app.put('/bare', async (request, response) => {
  const file = await open(join(dataDir, `bare-${Date.now()}`), 'w');
  for await (const piece of request) await file.write(piece);
  await file.sync();
  await file.close();
  response.end();
});
const Pouch = PouchDB.defaults({ prefix: `${dataDir}/` });
app.use('/pouch', expressPouch(Pouch, { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: join(dataDir, 'pouch.log') }));

const server = createServer(app);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address && typeof address === 'object') console.log(`http://localhost:${address.port}`);
});
process.on('SIGTERM', () => process.exit(0));
