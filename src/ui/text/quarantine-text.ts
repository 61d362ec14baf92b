/** Why the server refused an entry, and what helps. A reason of a newer server gets general words. */
export interface ReasonText {
  readonly title: string;
  readonly advice: string;
}

const texts: { readonly [reason: string]: ReasonText } = {
  'over-quota': {
    title: 'the server has no room left for it',
    advice: 'Shorten it, or delete other things, and try again. Deleting and shortening always pass.',
  },
  'too-big': {
    title: 'it is larger than the server takes',
    advice: 'Shorten it or split it, then try again.',
  },
  malformed: {
    title: 'the server cannot read it',
    advice: 'Edit it and try again; if it is refused again, update Holdfast here and on the server.',
  },
  'hash-mismatch': {
    title: 'it was damaged on its way',
    advice: 'Try again: it is whole on this device.',
  },
  forbidden: {
    title: 'this device may not change it',
    advice: 'Try again, or ask whoever runs the server.',
  },
  'op-reused': {
    title: 'the server knows its number for another change',
    advice: 'Try again: it goes out under a new number.',
  },
  'newer-app': {
    title: 'a newer Holdfast changed it on another device',
    advice: 'Update Holdfast here: the two are merged then. Until then what you wrote stays as it is, and you can go on.',
  },
  unreadable: {
    title: 'this app cannot read what another device sent',
    advice: 'Update Holdfast here. What you have stays as it is, and the server keeps the other version.',
  },
};

export const reasonText = (reason: string): ReasonText =>
  (Object.hasOwn(texts, reason) ? texts[reason] : undefined) ?? {
    title: `the server says “${reason}”`,
    advice: 'Try again, or update Holdfast.',
  };
