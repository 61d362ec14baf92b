/**
 * The simulation's only source of order and time.
 *
 * Everything that happens is a step of an *actor* (a tab, a service worker, a server process). An actor runs until it
 * asks the world for something; there it parks at a *gate*. When all microtasks have run, the scheduler picks one
 * parked gate by its seeded chance and opens it. Time stops while anything is parked (but for timers that are
 * nearly due, which may go first: a slow disk), and then moves to the next timer. A killed actor's gates never open.
 */
import { createPrng, hash32, type Prng } from './prng.ts';
import { createTimerHeap } from './timer-heap.ts';

export interface Actor {
  readonly name: string;
  alive(): boolean;
  /** Called once when the actor is killed: locks fall open, connections break. */
  onKill(react: () => void): void;
}

/** Between real work and the world: of each of them the other waits for the end. */
export interface RealWork {
  /** Asks the world for something. */
  ask<V>(call: () => Promise<V>): Promise<V>;
  /** Real work that the world has called for. */
  back<V>(call: () => Promise<V>): Promise<V>;
}

export interface Scheduler {
  /** Virtual monotonic time in ms. */
  now(): number;
  /** How many gates have been opened and timers fired. */
  steps(): number;
  actor(name: string, options?: { readonly lag?: number }): Actor;
  /** Real work, such as packing, which takes more than microtasks: no step is made until it ends, or asks the world. */
  stand<V>(work: (real: RealWork) => Promise<V>): Promise<V>;
  /** Parks the actor here until it is picked. Never acknowledges when the actor is killed first, or is dead already. */
  gate(actor: Actor, label: string): Promise<void>;
  /** Calls `fire` after `ms`, unless the actor has died or the timer was cancelled. */
  timer(actor: Actor, ms: number, fire: () => void, label: string): () => void;
  /** Starts `work` as a step of its own. What it throws is a bug, and ends the run with it. */
  spawn(actor: Actor, label: string, work: () => Promise<void>): void;
  kill(actor: Actor, why: string): void;
  /** Kills the actor at the gate that it reaches after `gates` others; then calls `strike`. */
  doom(actor: Actor, gates: number, why: string, strike?: () => void): void;
  /** Takes back every doom that has not struck. */
  pardonAll(): void;
  /** Writes into the trace. */
  note(text: string): void;
  /** A hash of everything that has happened so far: equal for equal runs. */
  traceHash(): number;
  /** Runs until `done` says so, nothing is left, or `untilMs` is reached. */
  run(limits: { readonly untilMs?: number; readonly maxSteps: number; readonly done?: () => boolean }): Promise<RunEnd>;
}

export type RunEnd = 'done' | 'idle' | 'time' | 'steps';

interface Parked {
  readonly actor: Actor;
  readonly label: string;
  readonly open: () => void;
}

interface ActorState {
  alive: boolean;
  readonly lag: number;
  readonly reactions: (() => void)[];
  doom: { gates: number; readonly why: string; readonly strike: (() => void) | undefined } | null;
}

/** A timer that is due within this time may fire although something is still parked. */
const SLOW_DISK_MS = 2000;

export function createScheduler(seed: string | number, onTrace?: (line: string) => void): Scheduler {
  const random: Prng = createPrng(seed).fork('schedule');
  const states = new Map<Actor, ActorState>();
  const timers = createTimerHeap<{ readonly actor: Actor; readonly fire: () => void; readonly label: string }>();
  let parked: Parked[] = [];
  let now = 0;
  let steps = 0;
  let hash = 0;
  let working = 0;
  let bug: { readonly error: unknown } | null = null;

  const note = (text: string): void => {
    hash = hash32(`${now} ${text}`, hash);
    onTrace?.(`${String(now).padStart(9)} ${text}`);
  };

  const stateOf = (actor: Actor): ActorState => {
    const state = states.get(actor);
    if (!state) throw new Error(`an actor of another scheduler: ${actor.name}`);
    return state;
  };

  const kill = (actor: Actor, why: string): void => {
    const state = stateOf(actor);
    if (!state.alive) return;
    note(`${actor.name} killed: ${why}`);
    state.alive = false;
    parked = parked.filter((gate) => gate.actor !== actor);
    for (const react of state.reactions) react();
  };

  const open = (gate: Parked): void => {
    const { doom } = stateOf(gate.actor);
    if (doom && doom.gates-- <= 0) {
      kill(gate.actor, `${doom.why}, at ${gate.label}`);
      doom.strike?.();
      return;
    }
    note(`${gate.actor.name} ${gate.label}`);
    gate.open();
  };

  /** One of the parked gates. An actor with a lag is passed over that often. */
  const pick = (): Parked => {
    let at = random.below(parked.length);
    for (let tries = 0; tries < 4 && random.chance(stateOf((parked[at] as Parked).actor).lag); tries++)
      at = random.below(parked.length);
    const gate = parked[at] as Parked;
    const last = parked.pop() as Parked;
    if (at < parked.length) parked[at] = last;
    return gate;
  };

  const fireNext = (): void => {
    const timer = timers.pop();
    if (!timer) return;
    now = Math.max(now, timer.at);
    const { actor, fire, label } = timer.value;
    if (!stateOf(actor).alive) return;
    note(`${actor.name} timer ${label}`);
    fire();
  };

  return {
    now: () => now,
    async stand(work) {
      const counted =
        (by: number) =>
        async <V>(call: () => Promise<V>): Promise<V> => {
          working += by;
          try {
            return await call();
          } finally {
            working -= by;
          }
        };
      const back = counted(1);
      return back(() => work({ ask: counted(-1), back }));
    },
    steps: () => steps,
    note,
    traceHash: () => hash,
    kill,
    actor(name, { lag = 0 } = {}) {
      const state: ActorState = { alive: true, lag, reactions: [], doom: null };
      const actor: Actor = {
        name,
        alive: () => state.alive,
        onKill: (react) => {
          state.reactions.push(react);
        },
      };
      states.set(actor, state);
      return actor;
    },
    gate(actor, label) {
      return new Promise((resolve) => {
        if (stateOf(actor).alive) parked.push({ actor, label, open: resolve });
      });
    },
    timer(actor, ms, fire, label) {
      return timers.push(now + Math.max(0, ms), { actor, fire, label });
    },
    spawn(actor, label, work) {
      this.gate(actor, label)
        .then(work)
        .catch((error: unknown) => {
          bug ??= { error };
        });
    },
    doom(actor, gates, why, strike) {
      stateOf(actor).doom = { gates, why, strike };
    },
    pardonAll() {
      for (const state of states.values()) state.doom = null;
    },
    async run({ untilMs = Number.POSITIVE_INFINITY, maxSteps, done }) {
      for (;;) {
        do await microtasksDone();
        while (working > 0);
        if (bug) throw bug.error;
        if (done?.()) return 'done';
        if (steps >= maxSteps) return 'steps';
        const due = timers.nextAt();
        if (parked.length === 0) {
          if (due === null) return 'idle';
          if (due > untilMs) {
            now = Math.max(now, untilMs);
            return 'time';
          }
          fireNext();
        } else if (due !== null && due - now <= SLOW_DISK_MS && due <= untilMs && random.below(parked.length + 4) === 0) {
          fireNext();
        } else {
          open(pick());
        }
        steps++;
      }
    },
  };
}

/** A turn of the event loop: by then every microtask has run, however long its chain. */
const microtasksDone = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
