/** Ancestors kept per entity, on the server and on the device. In a file without schemas: each start of a page reads it. */
export const MAX_LINEAGE = 20;
