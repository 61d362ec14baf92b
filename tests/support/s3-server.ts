/** An S3-compatible store for tests, with one bucket, that can be stopped and started again over the same objects. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import { createS3Requests, type S3Place, type S3Request } from '#server/blobs/s3-requests.ts';
import { findFreePort } from './free-port.ts';

const BUCKET = 'holdfast';

export interface S3Server {
  readonly place: S3Place;
  /** The place as the server reads it from its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Takes an object away, by its name without the prefix, as nobody but the store itself can. */
  remove(name: string): Promise<void>;
  /** Puts other bytes under a name. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export async function startS3(): Promise<S3Server> {
  const port = await findFreePort();
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-s3-'));
  const place: S3Place = {
    endpoint: `http://127.0.0.1:${port}`,
    bucket: BUCKET,
    region: 'us-east-1',
    accessKeyId: 'S3RVER',
    secretAccessKey: 'S3RVER',
    prefix: 'some/prefix/',
  };
  const create = () => new S3rver({ port, address: '127.0.0.1', silent: true, directory, configureBuckets: [{ name: BUCKET }] });
  const ask = async (request: S3Request): Promise<void> => {
    const asked = await createS3Requests(place)(request);
    if (!asked.ok) throw new Error(JSON.stringify(asked.error));
  };
  let server: S3rver | null = null;
  const start = async (): Promise<void> => {
    server = create();
    await server.run();
  };
  await start();
  return {
    place,
    env: {
      HOLDFAST_S3_ENDPOINT: place.endpoint,
      HOLDFAST_S3_BUCKET: place.bucket,
      HOLDFAST_S3_KEY_ID: place.accessKeyId,
      HOLDFAST_S3_SECRET: place.secretAccessKey,
      HOLDFAST_S3_PREFIX: place.prefix,
    },
    remove: (name) => ask({ method: 'DELETE', name }),
    put: (name, bytes) => ask({ method: 'PUT', name, body: new Blob([new Uint8Array(bytes)]) }),
    start,
    async stop() {
      await server?.close();
      server = null;
    },
  };
}
