/**
 * A document whose values two devices have written differently, under edit. Devices agree on what the document holds, which is one
 * side's; the other side is in the conflict. Until the person decides, each device shows the side that it wrote, and what is typed
 * goes where that side is kept.
 */

import type { Fields } from '#core/entity.ts';
import type { DeviceId } from '#core/ids.ts';
import type { Json } from '#core/json.ts';
import type { EntitySession, ShownSide, Sides } from './app.ts';
import { createSource, type Observable } from './observable.ts';
import { type Conflict, isOfDevice, otherSide, type Side, sideOfDevice } from './status/conflict.ts';
import type { EntityView } from './views.ts';

export interface SidesOptions {
  readonly conflicts: Observable<readonly Conflict[]>;
  readonly deviceId: DeviceId;
  readonly openConflict: (id: string) => EntitySession;
}

/** A conflict about one field, and the session that edits the side which it keeps. */
interface Dispute {
  readonly conflict: Conflict;
  readonly session: EntitySession;
  /** What was typed before the session could take it. */
  early: Fields;
  stop(): void;
}

/** The side that is in the conflict alone; the other one is what the document holds. */
const KEPT: Side = 'theirs';

/** A session as `session`, that shows and edits this device's side wherever a conflict is open. */
export function showOwnSide(session: EntitySession, options: SidesOptions): EntitySession & { readonly sides: Sides } {
  const { conflicts, deviceId, openConflict } = options;
  const view = createSource<EntityView | null>(null);
  const shown = createSource<ShownSide>('own');
  const listeners = new Set<(fields: Fields, isOwn: boolean) => void>();
  let disputes = new Map<string, Dispute>();

  const sideShown = ({ conflict }: Dispute): Side => {
    const own = sideOfDevice(conflict, deviceId);
    return shown.value === 'own' ? own : otherSide(own);
  };
  const sideOf = (field: string, { conflict, session: kept, early }: Dispute, side: Side): Json => {
    if (side !== KEPT) return session.fields[field] ?? null;
    return (KEPT in early ? early : kept.view.value ? kept.fields : conflict.values)[KEPT] ?? null;
  };
  /** The dispute whose kept side is shown in place of this field. */
  const overlay = (field: string): Dispute | undefined => {
    const dispute = disputes.get(field);
    return dispute && sideShown(dispute) === KEPT ? dispute : undefined;
  };
  const overlaid = (): Fields =>
    Object.fromEntries(
      [...disputes].flatMap(([field, dispute]) => (overlay(field) ? [[field, sideOf(field, dispute, KEPT)]] : [])),
    );
  const fields = (): Fields => (disputes.size === 0 ? session.fields : { ...session.fields, ...overlaid() });

  const tell = (patch: Fields, isOwn: boolean): void => {
    if (Object.keys(patch).length > 0) for (const listener of [...listeners]) listener(patch, isOwn);
  };
  const draw = (): void => {
    const below = session.view.value;
    const isOther = shown.value === 'other' && disputes.size > 0;
    if (!below || disputes.size === 0) view.set(below);
    else view.set({ ...below, fields: { ...below.fields, ...overlaid() }, readOnly: below.readOnly || isOther });
  };
  /** Does what changes the sides that are shown, and tells whoever shows the fields. */
  const change = (act: () => void): void => {
    const before = fields();
    act();
    const now = fields();
    tell(Object.fromEntries(Object.entries(now).filter(([field, value]) => value !== before[field])), false);
    draw();
  };

  const takeEarly = (dispute: Dispute): void => {
    const { early, session: kept } = dispute;
    dispute.early = {};
    if (KEPT in early) kept.set(early);
  };

  const openDispute = (conflict: Conflict): Dispute => {
    const kept = openConflict(conflict.id);
    const dispute: Dispute = { conflict, session: kept, early: {}, stop: () => {} };
    const stopView = kept.view.subscribe((found) => {
      // Not in the turn of the session that has just loaded.
      if (found) queueMicrotask(() => takeEarly(dispute));
      if (disputes.get(conflict.field) === dispute) draw();
    });
    const stopIncoming = kept.onIncoming((patch, isOwn) => {
      if (!(KEPT in patch) || overlay(conflict.field) !== dispute) return;
      tell({ [conflict.field]: sideOf(conflict.field, dispute, KEPT) }, isOwn);
    });
    dispute.stop = () => {
      stopView();
      stopIncoming();
      void kept.close();
    };
    return dispute;
  };

  /** One per field, the newest that this device has a side in. */
  const takeConflicts = (all: readonly Conflict[]): void => {
    const mine = all.filter(({ entityKind, entityId }) => entityKind === session.kind && entityId === session.id);
    if (mine.length === 0 && disputes.size === 0) return;
    const newest = [...mine].sort((one, other) => one.at - other.at);
    const wanted = new Map<string, Conflict>();
    for (const conflict of newest) if (isOfDevice(conflict, deviceId)) wanted.set(conflict.field, conflict);
    for (const conflict of newest) if (!wanted.has(conflict.field)) wanted.set(conflict.field, conflict);
    const before = disputes;
    const isKept = ([field, { conflict }]: [string, Dispute]): boolean => wanted.get(field)?.id === conflict.id;
    change(() => {
      disputes = new Map([...before].filter(isKept));
      for (const [field, conflict] of wanted) if (!disputes.has(field)) disputes.set(field, openDispute(conflict));
      if (disputes.size === 0) shown.set('own');
    });
    for (const entry of before) if (!isKept(entry)) entry[1].stop();
  };

  /** A change made before the session has loaded would be built on nothing. */
  const writeKept = (dispute: Dispute, patch: Fields, how: 'set' | 'replace'): void => {
    if (dispute.session.view.value) dispute.session[how](patch);
    else dispute.early = patch;
  };

  /** Hands each value to the session that keeps it. */
  const write = (patch: Fields, how: 'set' | 'replace'): void => {
    const rest: [string, Json][] = [];
    for (const [field, value] of Object.entries(patch)) {
      const dispute = overlay(field);
      if (dispute) writeKept(dispute, { [KEPT]: value }, how);
      else rest.push([field, value]);
    }
    if (rest.length > 0) session[how](Object.fromEntries(rest));
    if (rest.length < Object.keys(patch).length) draw();
  };

  const stops = [
    session.onIncoming((patch, isOwn) =>
      tell(Object.fromEntries(Object.entries(patch).filter(([field]) => !overlay(field))), isOwn),
    ),
    conflicts.subscribe(takeConflicts),
    session.view.subscribe(draw),
  ];

  return {
    kind: session.kind,
    id: session.id,
    view,
    get fields() {
      return fields();
    },
    get isUntouched() {
      return session.isUntouched;
    },
    set: (patch) => write(patch, 'set'),
    replace: (patch) => write(patch, 'replace'),
    async flush() {
      await Promise.all([session, ...[...disputes.values()].map((dispute) => dispute.session)].map((each) => each.flush()));
    },
    onIncoming(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      for (const stop of stops.splice(0)) stop();
      const kept = [...disputes.values()].map((dispute) => {
        dispute.stop();
        return dispute.session.flush();
      });
      await Promise.all([session.close(), ...kept]);
    },
    sides: {
      shown,
      show(side) {
        if (disputes.size > 0) change(() => shown.set(side));
      },
      own: () =>
        [...disputes].flatMap(([field, dispute]) => {
          const { conflict } = dispute;
          if (!isOfDevice(conflict, deviceId)) return [];
          const side = sideOfDevice(conflict, deviceId);
          return [{ conflict, side, value: sideOf(field, dispute, side) }];
        }),
    },
  };
}
