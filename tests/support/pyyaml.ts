/** What PyYAML, another reader of YAML, makes of a file. */
import { spawnSync } from 'node:child_process';
import type { Json } from '#core/json.ts';

const READ = `
import json, sys, yaml
text = sys.stdin.buffer.read().decode('utf-8')
json.dump(list(yaml.load_all(text, Loader=getattr(yaml, sys.argv[1]))), sys.stdout)
`;

const PYTHONS = ['python3', '/usr/bin/python3'];

/** A Python that has PyYAML; null where there is none on this machine. */
export const pythonWithYaml: string | null =
  PYTHONS.find((python) => spawnSync(python, ['-c', 'import yaml; yaml.CSafeLoader']).status === 0) ?? null;

/** The documents of a YAML text. Throws what PyYAML says where it refuses it. */
export function readByPyYaml(text: string, loader: 'SafeLoader' | 'CSafeLoader'): readonly Json[] {
  const { status, stdout, stderr } = spawnSync(pythonWithYaml ?? 'python3', ['-c', READ, loader], {
    input: text,
    maxBuffer: 1_000_000_000,
  });
  if (status !== 0) throw new Error(stderr.toString().slice(-2000));
  return JSON.parse(stdout.toString()) as readonly Json[];
}
