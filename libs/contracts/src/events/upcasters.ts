import type { EventType } from './catalogue.ts';

/** Lifts the data of one event type from one schema version to the next. Pure. */
export type Upcaster = (data: Record<string, unknown>) => Record<string, unknown>;

/**
 * Upcasters by event type: the n-th function (from 0) lifts version n+1 to version n+2.
 * The newest version of a type is therefore the number of its upcasters plus one.
 */
export type UpcasterTable = Partial<Record<EventType, readonly Upcaster[]>>;

/** The upcasters of this installation's events. Every shape is still in its first version. */
export const upcasters: UpcasterTable = {};

/** Version in which this code writes events of a type. */
export const currentSchemaVersion = (type: EventType, table: UpcasterTable = upcasters): number =>
  (table[type]?.length ?? 0) + 1;

/**
 * Data of a stored event in the newest shape.
 * @throws Error when the event was written by newer code than this: reading it as something else would corrupt state.
 */
export const upcast = (
  type: EventType,
  data: Record<string, unknown>,
  schemaVersion: number,
  table: UpcasterTable = upcasters,
): Record<string, unknown> => {
  const lifts = table[type] ?? [];
  if (schemaVersion > lifts.length + 1) {
    throw new Error(
      `Event ${type} has schema version ${schemaVersion}, this code knows up to ${lifts.length + 1}: update it first`,
    );
  }
  return lifts.slice(schemaVersion - 1).reduce((current, lift) => lift(current), data);
};
