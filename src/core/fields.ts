import type { FieldDeclaration, MergeRule } from './entity.ts';
import type { Json, JsonObject } from './json.ts';

type Extra = Pick<FieldDeclaration, 'secret' | 'open' | 'searchable' | 'bookkeeping' | 'noEdit' | 'namesDevice'>;

const declare =
  <T extends Json>(rule: MergeRule, check: (value: Json) => value is T, salvage?: FieldDeclaration<T>['salvage']) =>
  (initial: T, extra: Extra = {}): FieldDeclaration<T> => ({ rule, initial, check, ...(salvage && { salvage }), ...extra });

const isText = (value: Json): value is string => typeof value === 'string';
const isNumber = (value: Json): value is number => typeof value === 'number';
const isObject = (value: Json): value is JsonObject => value !== null && typeof value === 'object' && !Array.isArray(value);

/** Field declarations for `defineEntity`: `title: string('')`, `tags: set([])` and so on. */
export const text = declare('text', isText);
export const string = declare('value', isText);
export const flag = declare('value', (value) => typeof value === 'boolean');
export const number = declare('value', isNumber);
export const time = declare('value', (value) => value === null || typeof value === 'number');
export const reference = declare('value', (value) => value === null || typeof value === 'string');
export const set = declare(
  'set',
  (value): value is readonly string[] => Array.isArray(value) && value.every(isText),
  // One bad tag does not take the others out of sight.
  (value) => (Array.isArray(value) ? value.filter(isText) : undefined),
);
export const counter = declare('counter', isNumber);
export const map = declare('map', isObject);
export const list = declare('list', isObject);
/** Any value: whoever reads it checks what is inside. */
export const json = declare('value', (_value): _value is Json => true);
/** One of a few words. */
export const oneOf = <const T extends string>(
  options: readonly T[],
  initial: NoInfer<T>,
  extra: Extra = {},
): FieldDeclaration<T> => declare('value', (value): value is T => options.some((option) => option === value))(initial, extra);
