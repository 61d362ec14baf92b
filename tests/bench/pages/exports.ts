/** Backups as files, with the product's own workers, beside what reading and writing the same costs at least. */
import { openDB } from 'idb';
import { CORE_SCHEMA, dump } from 'js-yaml';
import { recordLine } from '#backup/format/record.ts';
import { yamlForm } from '#backup/format/yaml-form.ts';
import type { Series } from './bench-api.ts';
import { must, startProduct } from './product.ts';

const { client } = startProduct();
const PAGE = 1000;

interface Row {
  readonly kind: string;
  readonly id: string;
  readonly v: number;
  readonly fields: object;
  readonly stamps: object;
}

/** Every row of the open workspace, by idb and nothing else. */
async function eachPage(take: (rows: readonly Row[]) => void): Promise<void> {
  const { row } = must(await client.opened());
  const db = await openDB(`holdfast-ws-${row.id}`);
  let from: IDBKeyRange | null = null;
  for (;;) {
    const rows = (await db.getAll('entities', from, PAGE)) as Row[];
    take(rows);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) break;
    from = IDBKeyRange.lowerBound([last.kind, last.id], true);
  }
  db.close();
}

const plain = ({ kind, id, v, fields, stamps }: Row) => ({ kind, id, v, fields, stamps });

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

/** What was written is kept for a download that does not come; a browser of a benchmark has no room for all of it. */
async function removeFiles(): Promise<void> {
  const origin = await navigator.storage.getDirectory();
  await origin.removeEntry('holdfast-exports', { recursive: true });
}

/** The newest backup as files, and the same rows read and stringified, in turns. */
export async function writeExports(rounds: number): Promise<readonly Series[]> {
  must(await client.opened());
  const [newest] = must(await client.backups()).backups;
  if (!newest) throw new Error('there is no backup');
  const floor: number[] = [];
  const json: number[] = [];
  const yaml: number[] = [];
  const zip: number[] = [];
  const asFile = async (form: 'json' | 'yaml' | 'zip'): Promise<number> => {
    const ms = await timed(async () => must(await client.downloadBackup(newest.id, { form })));
    await removeFiles();
    return ms;
  };
  for (let round = 0; round < rounds; round++) {
    let chars = 0;
    floor.push(
      await timed(() =>
        eachPage((rows) => {
          for (const row of rows) chars += JSON.stringify(plain(row)).length;
        }),
      ),
    );
    if (chars === 0) throw new Error('nothing was read');
    json.push(await asFile('json'));
    yaml.push(await asFile('yaml'));
    zip.push(await asFile('zip'));
  }
  return [
    { what: '', name: 'floor', durability: '–', samples: floor },
    { what: '', name: 'json', durability: '–', samples: json },
    { what: '', name: 'yaml', durability: '–', samples: yaml },
    { what: '', name: 'zip', durability: '–', samples: zip },
  ];
}

/** Records as YAML, by our writer and by that of js-yaml, in turns. */
export async function writeYaml(rounds: number): Promise<readonly Series[]> {
  const lines: string[] = [];
  await eachPage((rows) => {
    for (const row of rows) lines.push(recordLine(plain(row) as Parameters<typeof recordLine>[0]));
  });
  const ours: number[] = [];
  const theirs: number[] = [];
  let chars = 0;
  for (let round = 0; round < rounds; round++) {
    ours.push(
      await timed(async () => {
        for (const [index, line] of lines.entries()) chars += yamlForm.record(line, index).length;
      }),
    );
    theirs.push(
      await timed(async () => {
        for (const line of lines) chars += dump(JSON.parse(line), { schema: CORE_SCHEMA, lineWidth: -1 }).length;
      }),
    );
  }
  if (chars === 0) throw new Error('nothing was written');
  return [
    { what: '', name: 'ours', durability: '–', samples: ours },
    { what: '', name: 'theirs', durability: '–', samples: theirs },
  ];
}
