import { expect, test } from 'vitest';
import { readCommand } from '#server/command-line.ts';

const ID = '01990000-0000-7000-8000-000000000001';

test('each command is read with its options, in any order', () => {
  for (const [args, command] of [
    [[], { type: 'serve' }],
    [['--help'], { type: 'help' }],
    [['--restored'], { type: 'restored' }],
    [['check', '--quick'], { type: 'check', quick: true }],
    [['verify'], { type: 'verify', lost: false }],
    [['backup', '--database', 'a'], { type: 'backup', file: 'a', databaseOnly: true }],
    [['restore', 'a', '--lost'], { type: 'restore', file: 'a', withoutDamaged: false, lost: true }],
    [['export', '--json', 'dir', '--account', ID], { type: 'export', account: ID, folder: 'dir' }],
    [['export', '--all', '--json', 'dir'], { type: 'export', account: null, folder: 'dir' }],
  ] as const)
    expect([args, readCommand(args)]).toEqual([args, { ok: true, value: command }]);
});

test('what is not understood is said in words', () => {
  for (const [args, words] of [
    [['export'], 'needs --json'],
    [['export', '--json', 'dir'], 'either --account and its id, or --all'],
    [['export', '--json', 'dir', '--all', '--account', ID], 'either --account and its id, or --all'],
    [['export', '--json', 'dir', '--account', '../../etc'], 'is not the id of an account'],
    [['export', '--json'], '--json needs a value'],
    [['export', '--json', '--all'], '--json needs a value'],
    [['export', '--json', 'a', '--json', 'b'], 'is there twice'],
    [['backup'], 'needs the name of a file'],
    [['restore', 'a', 'b'], 'does not take b'],
    [['restore', 'a', '--force'], 'has no option --force'],
    [['check', 'everything'], 'does not take everything'],
    [['explode'], 'There is no command explode'],
    [['constructor'], 'There is no command constructor'],
  ] as const)
    expect([args, readCommand(args)]).toEqual([args, { ok: false, error: expect.stringContaining(words) }]);
});
