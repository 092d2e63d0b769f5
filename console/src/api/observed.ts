import type { FeedEvent } from '@alfa-cloud/client/types';
import type { Answer, Identity, Resource } from './request.ts';

export type Observed = Extract<FeedEvent, { name: 'observed' }>['observed'][number];

/** Whose attribute an observation of a server brings up to date. */
const isOf = ({ type, id, relationships }: Resource, { serverId, attribute }: Observed): boolean => {
  if (attribute === 'healthCheckedAt') return type === 'servers' && id === serverId;
  const server = relationships?.['server']?.data;
  return type === 'clients' && (server as Identity | null | undefined)?.id === serverId;
};

/** An answer with the moments until which what it shows is known to hold. Pure. @returns the same answer where nothing of it was observed */
export const withObserved = (answer: Answer<unknown>, observed: readonly Observed[]): Answer<unknown> => {
  let isOther = false;
  const told = (resource: Resource): Resource => {
    const of = observed.filter((one) => one.attribute in resource.attributes && isOf(resource, one));
    if (of.length === 0) return resource;
    isOther = true;
    const moments = Object.fromEntries(of.map(({ attribute, at }) => [attribute, at]));
    return { ...resource, attributes: { ...resource.attributes, ...moments } };
  };
  const { data } = answer as Answer<Resource | readonly Resource[] | undefined>;
  if (data === undefined || data === null) return answer;
  const all = 'type' in data ? told(data) : data.map(told);
  return isOther ? { ...answer, data: all } : answer;
};
