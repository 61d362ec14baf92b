/** The root of the picture worker: it prepares files off the page. It knows no workspace, and nothing lives on in it. */
import { expose } from 'comlink';
import { prepareFile } from '#features/pictures/prepare-file.ts';
import type { PictureWorkerApi } from '#features/pictures/prepared-file.ts';

const api: PictureWorkerApi = {
  ping: async () => {},
  prepare: prepareFile,
};

expose(Object.freeze(api));
