/** Writes what a benchmark found into `docs/benchmarks.md`: each benchmark owns the part between its two markers. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Durability, Series } from './pages/bench-api.ts';
import { type Summary, summarize } from './statistics.ts';

const PAGE = join(process.cwd(), 'docs/benchmarks.md');

/** Sizes for trying out a benchmark: its figures go to the screen and not into the page. */
export const isTrial = process.env.HOLDFAST_BENCH_TRIAL === '1';

/** `full`, or `trial` when one only wants to see that it runs. */
export const sized = (full: number, trial: number): number => (isTrial ? trial : full);

export interface Figure {
  readonly what: string;
  readonly durability: Durability;
  /** In `unit`, which is ms where it is not named. */
  readonly samples: readonly number[];
  readonly unit?: string;
}

export interface Target {
  readonly what: string;
  readonly target: string;
  readonly measured: string;
  readonly met: boolean;
}

export interface Section {
  /** The name by which `npm run bench -- <name>` runs it. */
  readonly name: string;
  readonly title: string;
  readonly targets: readonly Target[];
  readonly figures: readonly Figure[];
  /** How it was measured, on what, and what is not comparable. */
  readonly notes: readonly string[];
  readonly versions?: readonly string[];
}

export const median = (figure: Figure): number => summarize(figure.samples).median;

/** 12.3, 1.23, 1,234: three digits are what a busy machine can promise. */
export function round(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A target that a ratio of two medians has to keep: `most` times the limit. */
export function ratioTarget(what: string, ours: Figure, limit: Figure, most: number): Target {
  const ratio = median(ours) / median(limit);
  return {
    what,
    target: `at most ${most} ×`,
    measured: `${round(ratio)} × (${round(median(ours))} to ${round(median(limit))} ms)`,
    met: ratio <= most,
  };
}

/** A target for one number. */
export function limitTarget(what: string, value: number, most: number, unit = 'ms'): Target {
  return { what, target: `at most ${round(most)} ${unit}`, measured: `${round(value)} ${unit}`, met: value <= most };
}

export function writeSection(section: Section): void {
  const lines = render(section);
  console.log(lines.join('\n'));
  if (isTrial) return;
  const begin = `<!-- bench:${section.name} -->`;
  const end = `<!-- /bench:${section.name} -->`;
  const part = [begin, ...lines, end].join('\n');
  const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : '';
  const first = page.indexOf('<!-- bench:');
  const parts = first < 0 ? '' : page.slice(first);
  const start = parts.indexOf(begin);
  const next = start < 0 ? `${parts}\n${part}\n` : parts.slice(0, start) + part + parts.slice(parts.indexOf(end) + end.length);
  writeFileSync(PAGE, `${HEAD}\n${next.trim()}\n`);
}

function render({ title, targets, figures, notes, versions = [] }: Section): readonly string[] {
  const machine = `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB`;
  const load = `load ${(loadavg()[0] ?? 0).toFixed(1)}`;
  const measured = [new Date().toISOString().slice(0, 10), machine, load, `Node ${process.versions.node}`, ...versions];
  return [
    `## ${title}`,
    '',
    `*${measured.join(' · ')}*`,
    '',
    ...(targets.length === 0
      ? []
      : [
          '| Target | | Measured | Met |',
          '| --- | --- | --- | --- |',
          ...targets.map(
            ({ what, target, measured: value, met }) => `| ${what} | ${target} | ${value} | ${met ? 'yes' : '**no**'} |`,
          ),
          '',
        ]),
    '| Figure | Durability | Median | p95 | Rounds |',
    '| --- | --- | ---: | ---: | ---: |',
    ...figures.map(renderFigure),
    '',
    ...notes.map((note) => `- ${note}`),
  ];
}

function renderFigure({ what, durability, samples, unit = 'ms' }: Figure): string {
  const { median: middle, p95, rounds }: Summary = summarize(samples);
  return `| ${what} | ${durability} | ${round(middle)} ${unit} | ${rounds > 1 ? `${round(p95)} ${unit}` : ''} | ${rounds} |`;
}

const HEAD = `# Benchmarks

Written by \`npm run bench\`; \`npm run bench -- save\` runs one part and replaces its section. Each section is one run of
one browser in which the contenders take turns (A B C A B C …), so that a busy moment of the machine hits all of them
alike. **Ratios are what counts**: another machine has other milliseconds. The load beside each date is that of its last
minute, the browser under test included (on two cores, 2 means that both were busy).
Nothing here is asserted by a test.

*strict* has reached the disk, as far as the browser can tell, when the write is answered (\`durability: 'strict'\`);
*relaxed* has reached the operating system; *memory* has gone nowhere; *full* is SQLite with \`synchronous = FULL\`. The
limit is raw idb (Jake Archibald's wrapper around IndexedDB), the peers are Dexie, RxDB on its Dexie storage, and PouchDB
on its IndexedDB adapter, each as its own documentation uses it.
`;

/** What a page has timed, as figures by the name of the series. */
export function figuresOf(series: readonly Series[]): ReadonlyMap<string, Figure> {
  return new Map(series.map(({ name, what, durability, samples }) => [name, { what, durability, samples }]));
}

/** The figure of that name. A missing one is a bug of the benchmark, and throws. */
export function figure(figures: ReadonlyMap<string, Figure>, name: string): Figure {
  const found = figures.get(name);
  if (!found) throw new Error(`no figure ${name}`);
  return found;
}
