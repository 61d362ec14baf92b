/** What a network does to what travels on it. */

/** How often each thing goes wrong with one request, 0 to 1. */
export interface Weather {
  readonly dropRequest: number;
  readonly dropAnswer: number;
  readonly duplicate: number;
  /** An answer that is not the server's: 500, 502, a portal's page with 200, our own 401, 413, 429, 503, 507. */
  readonly strange: number;
  /** The slowest that one direction takes, ms. */
  readonly latencyMs: number;
}

export const FAIR: Weather = { dropRequest: 0, dropAnswer: 0, duplicate: 0, strange: 0, latencyMs: 40 };
