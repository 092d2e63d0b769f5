import type { ServerResource } from '../../api/resources.ts';
import { type ActionValues, filled } from '../../parts/action.ts';

type Connection = ServerResource['connection'];

const numberOf = (value: string | boolean | undefined): number | undefined => {
  const text = filled(value);
  return text === undefined ? undefined : Number(text);
};

/** Without what is undefined. */
const given = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** Attributes that change at once. A limit that is left empty is the default again. */
export const changeOf = (values: ActionValues): Record<string, unknown> => ({
  name: filled(values['name']),
  active: values['active'] === true,
  capacity: { clients: numberOf(values['capacity/clients']) },
  limits: given({
    uploadMb: numberOf(values['limits/uploadMb']),
    requestTimeoutS: numberOf(values['limits/requestTimeoutS']),
  }),
});

/** The connection anew; a jump host of before stays, with its key. */
export const connectionOf = (values: ActionValues, before: Connection): Record<string, unknown> => {
  const key = filled(values['connection/privateKey']);
  return given({
    kind: 'ssh',
    host: filled(values['connection/host']),
    port: numberOf(values['connection/port']),
    username: filled(values['connection/username']),
    privateKey: key === undefined ? undefined : `${key}\n`,
    passphrase: filled(values['connection/passphrase']),
    hostKey: filled(values['connection/hostKey']),
    jump: before.kind === 'ssh' ? jumpOf(before) : undefined,
  });
};

const jumpOf = ({ jump }: Extract<Connection, { kind: 'ssh' }>): Record<string, unknown> | undefined =>
  jump === undefined || jump === null
    ? undefined
    : given({ host: jump.host, port: jump.port, username: jump.username });

/** What only a server without clients takes. */
export const placeOf = (values: ActionValues): Record<string, unknown> => ({
  role: filled(values['role']),
  domain: filled(values['domain']),
  proxy: given({
    httpPort: numberOf(values['proxy/httpPort']),
    httpsPort: numberOf(values['proxy/httpsPort']),
  }),
});
