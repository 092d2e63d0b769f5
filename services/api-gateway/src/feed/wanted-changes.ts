import { type Change, changedTypes, Id } from '@alfa-cloud/contracts';
import { type Static, Type } from 'typebox';

/** Query parameters that narrow the feed. */
export const wantedParameters = {
  types: Type.Optional(
    Type.Array(Type.Enum([...changedTypes]), { uniqueItems: true, maxItems: changedTypes.length }),
  ),
  clientId: Type.Optional(Id),
  serverId: Type.Optional(Id),
};

const Parameters = Type.Object(wantedParameters);
type Parameters = Static<typeof Parameters>;

/** Whether a reader wants to hear of resources of a type at all. */
export const wantsType = ({ types }: Pick<Parameters, 'types'>, type: Change['type']): boolean =>
  types === undefined || types.includes(type);

/** Whether a reader wants to hear of a change. Pure. */
export const wants = (parameters: Parameters, { type, id, ...about }: Change): boolean => {
  const { clientId, serverId } = parameters;
  if (!wantsType(parameters, type)) return false;
  if (clientId !== undefined && about.clientId !== clientId && !(type === 'clients' && id === clientId)) {
    return false;
  }
  return serverId === undefined || about.serverId === serverId || (type === 'servers' && id === serverId);
};
