import { makeBoxKey } from '#crypto/secret-box.ts';
import { openCryptoKey } from '#store/kv/keys.ts';

/** The key of this browser's secret boxes; made where there is none. In secure contexts only: elsewhere there are no keys. */
export const openBoxKey = () => openCryptoKey('secret-box', makeBoxKey);
