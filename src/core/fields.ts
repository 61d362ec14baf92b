import type { FieldDeclaration, MergeRule } from './entity.ts';
import type { Json } from './json.ts';

type Extra = Pick<FieldDeclaration, 'secret' | 'searchable' | 'bookkeeping' | 'namesDevice'>;

const declare =
  (rule: MergeRule, check: (value: Json) => boolean) =>
  (initial: Json, extra: Extra = {}): FieldDeclaration => ({ rule, initial, check, ...extra });

const isObject = (value: Json): boolean => value !== null && typeof value === 'object' && !Array.isArray(value);

/** Field declarations for `defineEntity`: `title: string('')`, `tags: set([])` and so on. */
export const text = declare('text', (value) => typeof value === 'string');
export const string = declare('value', (value) => typeof value === 'string');
export const flag = declare('value', (value) => typeof value === 'boolean');
export const number = declare('value', (value) => typeof value === 'number');
export const time = declare('value', (value) => value === null || typeof value === 'number');
export const reference = declare('value', (value) => value === null || typeof value === 'string');
export const set = declare('set', (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'));
export const counter = declare('counter', (value) => typeof value === 'number');
export const map = declare('map', isObject);
export const list = declare('list', isObject);
export const json = declare('value', () => true);
export const oneOf = (options: readonly string[], initial: string, extra: Extra = {}): FieldDeclaration =>
  declare('value', (value) => typeof value === 'string' && options.includes(value))(initial, extra);
