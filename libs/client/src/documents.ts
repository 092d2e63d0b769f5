import type * as calls from './call-types.ts';
import type { Document, RawResource } from './wire-types.ts';

/** The data of a document as plain objects. */
export const plain = ({ data, included = [] }: Document): unknown => {
  if (data === undefined || data === null) return null;
  const known = new Map(included.map((one) => [`${one.type} ${one.id}`, flat(one)]));
  const led = (to: calls.Reference): unknown => known.get(`${to.type} ${to.id}`) ?? to;
  const primary = ([data].flat() as RawResource[]).map((one) => flat(one, led));
  return Array.isArray(data) ? primary : primary[0];
};

/**
 * A resource as one object. Only what was included is led to, and leads no further: a client and its copy on one page would else lead to each other,
 * and what goes in circles can neither be printed nor compared.
 */
const flat = (raw: RawResource, led: (to: calls.Reference) => unknown = (to) => to): unknown => {
  const { attributes, relationships = {}, ...resource } = raw;
  const leadsTo: Record<string, unknown> = {};
  for (const [name, { data: to, meta }] of Object.entries(relationships)) {
    if (to === null || Array.isArray(to)) leadsTo[name] = to?.map((one) => led(one)) ?? null;
    else if (to !== undefined) leadsTo[name] = led(meta === undefined ? to : { ...to, meta });
  }
  return { ...attributes, ...resource, ...leadsTo };
};
