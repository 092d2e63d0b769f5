import type { Answer, FeedEvent, Reference } from '@alfa-cloud/client';

export type Observed = Extract<FeedEvent, { name: 'observed' }>['observed'][number];

/** A resource of any type. */
type Shown = Reference & Readonly<Record<string, unknown>>;

/** Whose attribute an observation of a server brings up to date. */
const isOf = ({ type, id, server }: Shown, { serverId, attribute }: Observed): boolean => {
  if (attribute === 'healthCheckedAt') return type === 'servers' && id === serverId;
  return type === 'clients' && (server as Reference | null | undefined)?.id === serverId;
};

/** An answer with the moments until which what it shows is known to hold. Pure. @returns the same answer where nothing of it was observed */
export const withObserved = (answer: Answer<unknown>, observed: readonly Observed[]): Answer<unknown> => {
  let isOther = false;
  const told = (resource: Shown): Shown => {
    const of = observed.filter((one) => one.attribute in resource && isOf(resource, one));
    if (of.length === 0) return resource;
    isOther = true;
    const moments = Object.fromEntries(of.map(({ attribute, at }) => [attribute, at]));
    return { ...resource, ...moments };
  };
  const { data } = answer as Answer<Shown | readonly Shown[] | null | undefined>;
  if (data === null || data === undefined) return answer;
  const all = 'type' in data ? told(data) : data.map(told);
  return isOther ? { ...answer, data: all } : answer;
};
