/** Backups behind a passphrase. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { describe, expect, test } from 'vitest';
import { jsonForm } from '#backup/format/json-form.ts';
import { encryptStream } from '#backup/format/passphrase.ts';
import { aRecord, documentOf } from '#support/backup-content.ts';
import { aFile, memoryTemp, openWhole, referTo, zipOf } from '#support/backup-file.ts';

const PASSPHRASE = 'correct horse battery staple';
/** The key is derived in a moment. */
const FAST = 4;

const files = [aFile('a picture '.repeat(20_000), 'png')];
const records = [aRecord(1, { text: files.map(referTo).join('') }), aRecord(2, { text: 'x'.repeat(100_000) })];
const plain = await documentOf(jsonForm, records);

async function encrypt(content: Blob, workFactor = FAST): Promise<Uint8Array<ArrayBuffer>> {
  const stream = await encryptStream(content.stream(), PASSPHRASE, workFactor);
  return new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}
const locked = await encrypt(new Blob([plain]));

describe('an encrypted backup', () => {
  test('is opened by its passphrase, whatever is in it, and leaves nothing decrypted behind', async () => {
    const temp = memoryTemp();
    expect(await openWhole(new Blob([locked]), { passphrase: PASSPHRASE, temp })).toMatchObject({
      records,
      faults: [],
      encrypted: true,
    });
    const zip = await encrypt(await zipOf(jsonForm, records, files));
    const read = await openWhole(new Blob([zip]), { passphrase: PASSPHRASE, temp });
    expect(read).toMatchObject({ records, faults: [], encrypted: true });
    expect(Object.keys(read.files)).toEqual([files[0]?.hash]);
    expect(temp.left()).toBe(0);
  });

  test('asks for the passphrase, and refuses another one', async () => {
    const temp = memoryTemp();
    expect((await openWhole(new Blob([locked]), { temp })).faults).toEqual([{ type: 'PassphraseNeeded' }]);
    const other = await openWhole(new Blob([locked]), { passphrase: `${PASSPHRASE} `, temp });
    expect(other.faults).toEqual([{ type: 'WrongPassphrase' }]);
    expect(temp.left()).toBe(0);
  });

  test('that was cut or changed anywhere gives nothing, and leaves nothing behind', async () => {
    const temp = memoryTemp();
    const open = async (bytes: Uint8Array<ArrayBuffer>) => openWhole(new Blob([bytes]), { passphrase: PASSPHRASE, temp });
    for (const end of [23, 60, 150, 200, 65_000, locked.length - 17, locked.length - 16, locked.length - 1]) {
      const { head, faults } = await open(locked.slice(0, end));
      expect(head, `cut at ${end}`).toBeNull();
      expect(['EncryptedDamaged', 'NoPassphraseInside'], `cut at ${end}`).toContain(faults[0]?.type);
    }
    for (const at of [30, 80, 120, 180, 250, 70_000, locked.length - 1]) {
      const changed = locked.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      const { head, faults } = await open(changed);
      expect(head, `changed at ${at}`).toBeNull();
      expect(['EncryptedDamaged', 'WrongPassphrase', 'NoPassphraseInside'], `changed at ${at}`).toContain(faults[0]?.type);
    }
    expect(temp.left()).toBe(0);
  });

  test('with a header that never ends, or a key that would take hours, is refused at once', async () => {
    const endless = new Blob([`age-encryption.org/v1\n-> scrypt ${'A'.repeat(100_000)}`]);
    expect((await openWhole(endless, { passphrase: 'x' })).faults).toEqual([{ type: 'EncryptedDamaged' }]);
    const slow = new TextDecoder('latin1').decode(locked).replace(/^(-> scrypt \S+) \d+$/m, '$1 30');
    expect((await openWhole(new Blob([Buffer.from(slow, 'latin1')]), { passphrase: PASSPHRASE })).faults).toEqual([
      { type: 'EncryptedDamaged' },
    ]);
  });

  test('that no passphrase opens is told from one that another passphrase opens', async () => {
    const encrypter = new Encrypter();
    encrypter.addRecipient(await identityToRecipient(await generateX25519Identity()));
    const bytes = new Uint8Array(await encrypter.encrypt(plain));
    expect((await openWhole(new Blob([bytes]), { passphrase: 'x' })).faults).toEqual([{ type: 'NoPassphraseInside' }]);
  });

  test('of an encrypted file is no backup', async () => {
    expect((await openWhole(new Blob([await encrypt(new Blob([locked]))]), { passphrase: PASSPHRASE })).faults).toEqual([
      { type: 'NotABackup' },
    ]);
  });
});

/** Types the passphrase into a terminal, which is where age asks for it. */
const IN_TERMINAL = `
import os, pty, select, sys, time
pid, fd = pty.fork()
if pid == 0: os.execvp(sys.argv[1], sys.argv[1:-2])
said, typed, until = b'', 0, time.time() + 60
while time.time() < until:
    if select.select([fd], [], [], 1)[0]:
        try: part = os.read(fd, 1000)
        except OSError: break
        if not part: break
        said += part
    if b'assphrase' in said and typed < int(sys.argv[-2]):
        time.sleep(0.2); os.write(fd, sys.argv[-1].encode() + b'\\n'); typed += 1; said = b''
time.sleep(0.2)
state = os.waitpid(pid, os.WNOHANG)
if state[0] == 0: os.kill(pid, 9)
sys.exit(os.waitstatus_to_exitcode(state[1]) if state[0] else 99)
`;
const hasAge = spawnSync('age', ['--version']).status === 0 && spawnSync('python3', ['-c', 'import pty']).status === 0;

describe.skipIf(!hasAge)('the standard age tool (skipped where age or python3 is not installed)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'backup-age-'));
  const inTerminal = (times: number, ...args: string[]) =>
    spawnSync('python3', ['-c', IN_TERMINAL, 'age', ...args, String(times), PASSPHRASE], { cwd: folder, timeout: 50_000 });

  test('opens what is written here, and what it writes is opened here', async () => {
    writeFileSync(join(folder, 'ours.age'), await encrypt(new Blob([plain]), 18));
    const opened = inTerminal(1, '-d', '-o', 'ours.json', 'ours.age');
    expect(opened.status, opened.stdout.toString()).toBe(0);
    expect(readFileSync(join(folder, 'ours.json'), 'utf8')).toBe(plain);
    expect(inTerminal(2, '-p', '-o', 'theirs.age', 'ours.json').status).toBe(0);
    const theirs = new Blob([new Uint8Array(readFileSync(join(folder, 'theirs.age')))]);
    expect(await openWhole(theirs, { passphrase: PASSPHRASE })).toMatchObject({ records, faults: [] });
    rmSync(folder, { recursive: true });
  });
});
