import { Type, type Static } from 'typebox';
import {
  closed,
  DomainName,
  HostName,
  Id,
  line,
  patterned,
  RequestLimits,
  Sealed,
} from '../values/primitives.ts';

export const ServerRole = Type.Union([
  Type.Literal('production'),
  Type.Literal('stage'),
  Type.Literal('build'),
]);
export type ServerRole = Static<typeof ServerRole>;

const Port = Type.Integer({ minimum: 1, maximum: 65_535 });

export const LocalConnection = closed({ kind: Type.Literal('local') });
/** As `ssh-keygen -l` shows it. */
export const HostKeyFingerprint = patterned(
  '^SHA256:[A-Za-z0-9+/]{43}$',
  'must be the fingerprint of a key, like "SHA256:9xUzGJmVTnRj1aF0sYk3hX5cQw8eLbNpD2tKvR7ZyMo"',
);
/** Attributes of `POST /servers/{id}/accept_host_key`. */
export const HostKeyAttributes = closed({ fingerprint: HostKeyFingerprint });
/** Attributes of `POST /servers/keys`. The comment stands at the end of the public key; default `alfa-cloud`. */
export const SshKeyAttributes = closed({ comment: Type.Optional(line(100)) });

/** A host key as a `known_hosts` file has it, or its fingerprint. */
export const hostKeyText = patterned(
  '^(?:SHA256:[A-Za-z0-9+/]{43}|(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)) [A-Za-z0-9+/]{20,1500}={0,2})$',
  'must be a host key without a comment, or its fingerprint, like "SHA256:9xUzGJmVTnRj1aF0sYk3hX5cQw8eLbNpD2tKvR7ZyMo"',
);

const sshAddress = {
  host: patterned(
    '^[A-Za-z0-9][A-Za-z0-9.:-]*$',
    'must be a host name or an IP address without brackets, like "cloud-1.example.org"',
    { minLength: 1, maxLength: 253 },
  ),
  port: Type.Optional(Port),
  username: patterned(
    '^[a-z_][a-z0-9_-]*$',
    'must be an account of the machine: a-z or _, then a-z, 0-9, _ and hyphens, like "deploy"',
    { minLength: 1, maxLength: 32 },
  ),
  /** Recorded at the first validated connect when absent. */
  hostKey: Type.Optional(hostKeyText),
};

const keyInput = {
  privateKey: Type.Optional(Type.String({ minLength: 1, maxLength: 32_768 })),
  passphrase: Type.Optional(Type.String({ minLength: 1, maxLength: 1024 })),
  keyId: Type.Optional(Id),
};

/** Who logs in where, and by which key, as the administrator writes it. */
const LoginInput = closed({ ...sshAddress, ...keyInput });
export type LoginInput = Static<typeof LoginInput>;

/**
 * As the administrator writes it: with a private key of his own, or with the id of a key pair that Alfa Cloud has made. `jump`: a jump host, from
 * where alone the server can be reached.
 */
export const ConnectionInput = Type.Union([
  LocalConnection,
  closed({ kind: Type.Literal('ssh'), ...sshAddress, ...keyInput, jump: Type.Optional(LoginInput) }),
]);
export type ConnectionInput = Static<typeof ConnectionInput>;

const key = {
  credentials: Type.Optional(Sealed),
  /** The key pair made by Alfa Cloud whose private part the credentials hold. */
  keyId: Type.Optional(Id),
  /** What the server has to let in: `ssh-ed25519 AAAA…`. */
  publicKey: Type.Optional(Type.String()),
};

/** Who logs in where: at a server, or at the jump host before it. Key material sealed or absent. */
export const Login = closed({ ...sshAddress, ...key });
export type Login = Static<typeof Login>;

/** As it stands in commands, events and views: key material sealed or absent. */
export const Connection = Type.Union([
  LocalConnection,
  closed({ kind: Type.Literal('ssh'), ...sshAddress, ...key, jump: Type.Optional(Login) }),
]);
export type Connection = Static<typeof Connection>;
export type SshConnection = Extract<Connection, { kind: 'ssh' }>;

/** How a server is reached, without what opens it. */
export type ShownConnection =
  | Static<typeof LocalConnection>
  | (Omit<SshConnection, 'credentials' | 'jump'> & { jump?: Omit<Login, 'credentials'> });

/** Sealed or not, key material has no place in views and receipts. */
export const withoutCredentials = (connection: Connection): ShownConnection => {
  if (connection.kind === 'local') return connection;
  const { credentials: _, jump, ...login } = connection;
  if (jump === undefined) return login;
  const { credentials: __, ...ofJump } = jump;
  return { ...login, jump: ofJump };
};

/** Whose host key it is: the server's own or that of the jump host before it. */
export const HostKeyOwner = Type.Union([Type.Literal('server'), Type.Literal('jump')]);
export type HostKeyOwner = Static<typeof HostKeyOwner>;

/** The connection with another trusted host key. A connection that has none of the kind stays as it is. */
export const withHostKey = <Any extends Connection | ShownConnection>(
  connection: Any,
  hostKey: string,
  of: HostKeyOwner = 'server',
): Any => {
  if (connection.kind === 'local') return connection;
  if (of === 'server') return { ...connection, hostKey };
  return connection.jump === undefined
    ? connection
    : { ...connection, jump: { ...connection.jump, hostKey } };
};

export const Capacity = closed({ clients: Type.Integer({ minimum: 0, maximum: 100_000 }) });
export const ProxyPorts = closed({ httpPort: Port, httpsPort: Type.Optional(Port) });

/** Attributes of `POST /servers/create`. Defaults: role production, active true, capacity 100 clients, proxy port 80, limits those of the product. */
export const ServerAttributes = closed({
  name: line(100),
  role: Type.Optional(ServerRole),
  domain: HostName,
  connection: ConnectionInput,
  active: Type.Optional(Type.Boolean()),
  capacity: Type.Optional(Capacity),
  proxy: Type.Optional(ProxyPorts),
  limits: Type.Optional(RequestLimits),
});
export type ServerAttributes = Static<typeof ServerAttributes>;

/** Register a server and prepare it for clients. Ids in the reply: `serverId`, `operationId`. */
export const RegisterServer = closed({
  serverId: Id,
  name: line(100),
  role: ServerRole,
  domain: DomainName,
  connection: Connection,
  active: Type.Boolean(),
  capacity: Capacity,
  proxy: ProxyPorts,
  /** Of requests to clients that have none of their own. The defaults stand for what is absent. */
  limits: Type.Optional(RequestLimits),
});
export type RegisterServer = Static<typeof RegisterServer>;

/**
 * Attributes of `PUT/PATCH /servers/{id}`; what is absent stays as it is. Role, domain, connection and proxy ports change only while no
 * client lives there, and start the preparation again, as does any change of a server whose preparation failed.
 */
export const ServerChanges = Type.Partial(ServerAttributes, { additionalProperties: false });
export type ServerChanges = Static<typeof ServerChanges>;

/** Change a server. Ids in the reply: `serverId`, and `operationId` when it is prepared again. */
export const ChangeServer = closed({
  serverId: Id,
  name: Type.Optional(line(100)),
  role: Type.Optional(ServerRole),
  domain: Type.Optional(DomainName),
  connection: Type.Optional(Connection),
  active: Type.Optional(Type.Boolean()),
  capacity: Type.Optional(Capacity),
  proxy: Type.Optional(ProxyPorts),
  /** All of them: what is absent in it becomes the default. */
  limits: Type.Optional(RequestLimits),
});
export type ChangeServer = Static<typeof ChangeServer>;
