/** Pictures and files of a conversation: what is kept of them, and what a model gets. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { blobsIn, readReference } from '#core/blobs.ts';
import { message } from '#entities/message.ts';
import { type Attachment, attachmentsToKeep, readAttachments, readImages } from '#entities/message-content.ts';
import { messageAsMarkdown } from '#entities/message-markdown.ts';
import { CHAT, type ChatsWorld, createChatsWorld } from '#support/chats-world.ts';
import { createGate, end, type OpenAiServer, piece, refuse, startOpenAiServer, stream, words } from '#support/openai-server.ts';
import { PIXEL, PIXEL_URL } from '#support/shapes/pictures.ts';

let server: OpenAiServer;
let world: ChatsWorld;

beforeEach(async () => {
  server = await startOpenAiServer();
  world = createChatsWorld(server.endpoint);
});
afterEach(() => server.close());

const pixel = Buffer.from(PIXEL, 'base64');
const prompt = (text: string, attachments: readonly Attachment[] = [], follows: string | null = null) => ({
  ...{ chatId: CHAT, follows, text, attachments },
});
const eventually = <T>(look: () => T | Promise<T>): Promise<T> => vi.waitFor(look, { timeout: 10_000, interval: 20 });

async function answered(count = 2) {
  return eventually(async () => {
    const messages = await world.messages();
    expect(messages.map(({ state }) => state)).toEqual(Array(count).fill('complete'));
    return messages;
  });
}

async function attach(bytes: BlobPart, name: string): Promise<Attachment> {
  const added = await world.files.add(new File([bytes], name));
  if (!added.ok) throw new Error(added.error.type);
  const { reference, type, size, isPicture } = added.value;
  return { name, address: reference, type, size, isPicture };
}

/** The bytes of what a text refers to, as they are on this device. */
async function bytesOf(text: string): Promise<readonly string[]> {
  const opened = await Promise.all(blobsIn(text).map((hash) => world.files.open(hash, 'png')));
  return Promise.all(
    opened.map(async (file) =>
      file.ok && file.value ? Buffer.from(await file.value.bytes.arrayBuffer()).toString('base64') : 'away',
    ),
  );
}

const lastContent = (): unknown =>
  JSON.parse(
    server.requests.findLast(({ path, method }) => method === 'POST' && path.endsWith('/completions'))?.body ?? '{}',
  ).messages.at(-1).content;

describe('what goes along', () => {
  test('a picture is kept as a reference, and goes to the model as its bytes', async () => {
    const leaf = await attach(pixel, 'leaf.png');
    await world.openTab().send(prompt('Look', [leaf]));
    const [asked] = await answered();
    expect(asked?.attachments).toEqual([leaf]);
    expect(leaf.address).toMatch(/^files\/[0-9a-f]{64}\.png$/);
    expect(lastContent()).toEqual([
      { type: 'text', text: 'Look' },
      { type: 'image_url', image_url: { url: PIXEL_URL } },
    ]);
  });

  test('a text goes into the prompt, a long one with a word that it is cut, and of another file its name', async () => {
    const files = [
      await attach('Chlorophyll is green.', 'leaf.txt'),
      await attach('ä'.repeat(60_000), 'long.txt'),
      await attach(new Uint8Array([0, 1, 2, 3, 255]), 'odd.bin'),
    ];
    server.next(stream([piece({ content: 'Green.' }), end()]));
    await world.openTab().send(prompt('Sum up', files));
    await answered();
    const content = String(lastContent());
    expect(content).toContain('<file name="leaf.txt">\nChlorophyll is green.\n</file>');
    expect(content).toContain(`\n${'ä'.repeat(50_000)}\n[The file goes on`);
    expect(content).not.toContain('�');
    expect(content).toContain('<file name="odd.bin">');
    expect(content.endsWith('Sum up')).toBe(true);
  });

  test('a file that is not here and cannot be had stops its prompt, with words; an earlier one is named', async () => {
    const away = { name: 'leaf.png', address: `files/${'ab'.repeat(32)}.png`, type: 'image/png', size: 3, isPicture: true };
    const tab = world.openTab();
    const sent = await tab.send(prompt('Look', [away]));
    const [asked] = await eventually(async () => {
      const messages = await world.messages();
      expect(messages.map(({ state }) => state)).toEqual(['failed']);
      return messages;
    });
    expect(asked?.failure).toEqual({ type: 'AttachmentMissing', name: 'leaf.png' });
    expect(server.prompts).toEqual([]);
    await tab.send(prompt('Never mind', [], sent.ok ? sent.value : null));
    await eventually(() => expect(server.prompts).toHaveLength(1));
    expect(lastContent()).toContain('<file name="leaf.png">This file is not at hand.</file>');
  });

  test('what earlier versions kept as text goes along as ever, and is a file as soon as it is sent again', async () => {
    const old = readAttachments([{ name: 'leaf.png', data: PIXEL_URL }]);
    expect(old).toEqual([{ name: 'leaf.png', address: PIXEL_URL, type: 'image/png', size: pixel.length, isPicture: true }]);
    await world.openTab().send(prompt('Look', old));
    const [asked] = await answered();
    expect(asked?.attachments[0]).toMatchObject({ name: 'leaf.png', type: 'image/png', size: pixel.length, isPicture: true });
    expect(await bytesOf(asked?.attachments[0]?.address ?? '')).toEqual([PIXEL]);
    expect(lastContent()).toEqual([
      { type: 'text', text: 'Look' },
      { type: 'image_url', image_url: { url: PIXEL_URL } },
    ]);
  });
});

describe('a model that does not see', () => {
  test('is asked again with the name of the picture, and that is remembered for it alone', async () => {
    const leaf = await attach(pixel, 'leaf.png');
    const tab = world.openTab();
    server.next(refuse(400, 'tiny-1 is not a multimodal model'));
    await tab.send(prompt('Look', [leaf]));
    const [, answer] = await answered();
    expect(lastContent()).toBe('<file name="leaf.png">A picture that cannot be shown to this model.</file>\n\nLook');
    expect(answer?.stats?.unseen).toBe(1);
    await tab.send(prompt('And now?', [leaf], answer?.id));
    const later = await answered(4);
    expect(server.prompts).toHaveLength(3);
    expect(later[3]?.stats?.unseen).toBe(2);

    expect(await tab.noSight('tiny-1')).toEqual({ model: 'tiny-1', why: 'refused' });
    expect(await tab.noSight('large-1')).toBeNull();
    await tab.trySight('tiny-1');
    expect(await tab.noSight('tiny-1')).toBeNull();
  });

  test('one of which its server says so is known before it is asked', async () => {
    const list = { data: [{ id: 'words', architecture: { input_modalities: ['text'] } }, { id: 'eyes' }] };
    const told = await startOpenAiServer({ modelsBody: JSON.stringify(list) });
    const tab = createChatsWorld(told.endpoint).openTab();
    expect(await tab.noSight('')).toEqual({ model: 'words', why: 'listed' });
    expect(await tab.noSight('eyes')).toBeNull();
    await told.close();
  });
});

describe('what comes back', () => {
  const picture = { type: 'image_url', image_url: { url: PIXEL_URL } };

  test('bytes become a file before the message names it, in their place', async () => {
    server.next(stream([piece({ content: 'One:' }), piece({ images: [picture] }), piece({ content: 'Done.' }), end()]));
    await world.openTab().send(prompt('Draw'));
    const [, answer] = await answered();
    expect(answer?.text).toMatch(/^One:\n\n!\[Generated image\]\(files\/[0-9a-f]{64}\.png\)\n\nDone\.$/);
    expect(answer?.images).toEqual([]);
    expect(await bytesOf(answer?.text ?? '')).toEqual([PIXEL]);
  });

  test('a picture inside the text keeps its words', async () => {
    server.next(stream([...words(`See ![a leaf](${PIXEL_URL}) there`), end()]));
    await world.openTab().send(prompt('Draw'));
    const [, answer] = await answered();
    expect(answer?.text).toMatch(/^See !\[a leaf\]\(files\/[0-9a-f]{64}\.png\) there$/);
    expect(await bytesOf(answer?.text ?? '')).toEqual([PIXEL]);
  });

  test('no message names a file that is not on this device yet', async () => {
    const gate = createGate();
    server.next(stream([piece({ content: 'One:' }), piece({ images: [picture] }), piece({ content: 'two' }), end()], { gate }));
    const tab = world.openTab();
    await tab.send(prompt('Draw'));
    const seen = await eventually(() => {
      const [running] = tab.running.value.values();
      expect(running?.text).toContain('two');
      return running?.text ?? '';
    });
    expect(await bytesOf(seen)).toEqual([PIXEL]);
    tab.saveAll();
    await eventually(async () => expect((await world.messages())[1]?.text).toBe(seen));
    gate.open();
    await answered();
  });

  test('when the page ends while a picture is being kept, it is in the message as it came', async () => {
    const slow = createGate();
    const keep = world.files.add;
    vi.spyOn(world.files, 'add').mockImplementation(async (...args) => {
      await slow.opened;
      return keep(...args);
    });
    server.next(stream([piece({ content: 'One:' }), piece({ images: [picture] }), piece({ content: 'two' }), end()]));
    const tab = world.openTab();
    await tab.send(prompt('Draw'));
    await eventually(() => expect(world.files.add).toHaveBeenCalled());
    tab.saveAll();
    await eventually(async () => expect((await world.messages())[1]?.text).toContain(`![Generated image](${PIXEL_URL})`));
    slow.open();
    const [, answer] = await answered();
    expect(answer?.text).toMatch(/^One:\n\n!\[Generated image\]\(files\/[0-9a-f]{64}\.png\)\n\ntwo$/);
  });

  test('the address of a picture of its own server becomes a file; one elsewhere stays a link', async () => {
    const own = server.serve('/generated/1.png', pixel);
    const elsewhere = 'https://elsewhere.example/2.png';
    server.next(
      stream([
        piece({ content: `![a](${own}) ![b](${elsewhere})`, images: [{ image_url: { url: `${own}?n=2` } }, elsewhere] }),
        end(),
      ]),
    );
    await world.openTab().send(prompt('Draw'));
    const [, answer] = await eventually(async () => {
      const messages = await answered();
      expect(messages[1]?.text).toContain('files/');
      return messages;
    });
    expect(answer?.text).toMatch(/^!\[a\]\(files\/[0-9a-f]{64}\.png\) !\[b\]\(https:\/\/elsewhere\.example\/2\.png\)$/);
    expect(answer?.images).toEqual([expect.stringMatching(/^files\/[0-9a-f]{64}\.png$/), elsewhere]);
    expect(await bytesOf(answer?.text ?? '')).toEqual([PIXEL]);
  });

  test('what is no picture is not kept as one: broken base64, an empty one, and an address that answers with a page', async () => {
    const page = server.serve('/page.png', Buffer.from('<html>Log in</html>'), 'text/html');
    server.next(
      stream([
        piece({ content: `![a](${page}) ![b](data:image/png;base64,iVBOR…) `, images: [{ b64_json: `${'A'.repeat(400)}!` }] }),
        end(),
      ]),
    );
    await world.openTab().send(prompt('Draw'));
    const [, answer] = await answered();
    expect(answer?.text).toContain(`![a](${page}) ![b](data:image/png;base64,iVBOR…)`);
    expect(answer?.text).toContain('*The model sent a picture that is not whole.*');
    expect(blobsIn(answer?.text ?? '')).toEqual([]);
  });
});

describe('in the message', () => {
  const kept = { name: 'a [b].txt', address: `files/${'0a'.repeat(32)}.txt`, type: 'text/plain', size: 12, isPicture: false };

  test('what is written reads as it was, and unknown members and parts are passed over', () => {
    const written = attachmentsToKeep([kept]);
    expect(readAttachments(written)).toEqual([kept]);
    expect(
      readAttachments([{ reference: 'files/none', name: 'x' }, { reference: 7 }, { data: 'data:text/html,x' }, null, 'x']),
    ).toEqual([]);
    expect(readImages([kept.address, 'https://a/b.png', 'javascript:1', 7])).toEqual([kept.address, 'https://a/b.png']);
  });

  test('an earlier version of the app finds nothing in it that it takes for a picture', () => {
    // What version 3 of a message was read with before files: `data` of a `data:image/…` URL.
    const readBefore = (value: unknown) =>
      (Array.isArray(value) ? value : []).filter(
        (item) => typeof item?.data === 'string' && /^data:image\/(png|jpeg|webp|gif|avif);base64,/i.test(item.data),
      );
    expect(readBefore(attachmentsToKeep([kept]))).toEqual([]);
    expect(message.version).toBe(3);
  });

  test('its Markdown names each file, so that an export has them', () => {
    const sample = { ...message.sample(), attachments: attachmentsToKeep([kept, { ...kept, name: 'p', isPicture: true }]) };
    const markdown = messageAsMarkdown({ ...sample, images: [`files/${'0b'.repeat(32)}.png`] });
    expect(markdown).toContain(`[a  b .txt](${kept.address})`);
    expect(markdown).toContain(`![p](${kept.address})`);
    expect(blobsIn(markdown)).toEqual(['0a'.repeat(32), '0b'.repeat(32)]);
    expect(readReference(kept.address)?.extension).toBe('txt');
  });
});
