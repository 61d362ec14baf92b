/** The secrets that people paste along with an address: they would be on the server, in backups and on the screen, where a key that is kept by itself is not. */

export interface OpenAddress {
  /** Without them. */
  readonly address: string;
  /** The first key that was in its query; null where there was none. */
  readonly key: string | null;
  /** Whether a name or password was in front of its host. */
  readonly hadLogin: boolean;
}

/** The last word in the name of a parameter that holds a key: `key`, `api_key`, `accessToken`, `subscription-key`. */
const SECRETS = new Set(['key', 'apikey', 'token', 'secret', 'password', 'auth', 'signature', 'sig']);
const lastWord = (name: string): string =>
  name
    .split(/[-_.]|(?<=[a-z])(?=[A-Z])/)
    .at(-1)
    ?.toLowerCase() ?? '';
const LOGIN = /^([a-z][a-z0-9+.-]*:\/\/)?[^/?#]*@/i;

/** An address as it may be read by anybody. Parameters that hold no key, such as a version, stay. */
export function openAddress(text: string): OpenAddress {
  const [whole = ''] = text.split('#');
  const [path = '', ...rest] = whole.split('?');
  const address = path.replace(LOGIN, '$1');
  let key: string | null = null;
  const open = rest
    .join('?')
    .split('&')
    .filter((part) => {
      const [name = '', ...value] = part.split('=');
      if (!SECRETS.has(lastWord(decoded(name))) || value.join('=') === '') return true;
      key ??= decoded(value.join('='));
      return false;
    })
    .join('&');
  return { address: open === '' ? address : `${address}?${open}`, key, hadLogin: address !== path };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
