/** What to do where this page came over plain http from another machine: browsers then give no locks, and so no sync. */
export const INSECURE_ADVICE =
  'This address begins with http:// and is not on this machine, and browsers give such pages no safe way to sync. Your work is saved in this browser. To sync it, open Holdfast by an address that begins with https://, or by http://localhost on the machine of the server.';
