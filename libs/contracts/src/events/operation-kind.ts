import { Type, type Static } from 'typebox';

/** What an operation does, `<aggregate>.<verb>`. */
export const OperationKind = Type.Union([
  Type.Literal('server.prepare'),
  /** Neither has steps of its own: it is decided on and done at once. Known as operations only when the decision came late. */
  Type.Literal('server.remove'),
  Type.Literal('credentials.change'),
  Type.Literal('client.create'),
  Type.Literal('client.reboot'),
  Type.Literal('client.enable_maintenance'),
  Type.Literal('client.disable_maintenance'),
  Type.Literal('client.enable_demo'),
  Type.Literal('client.disable_demo'),
  Type.Literal('client.set_owner_password'),
  Type.Literal('client.count_users'),
  /** Makes a changed expiry date true on the server. */
  Type.Literal('client.apply_expiry'),
  /** Makes changed attributes true on the server: configuration files, a new container beside the old one, virtual host. */
  Type.Literal('client.apply_changes'),
  /** Makes changed cloud settings true in the client's database. */
  Type.Literal('client.apply_settings'),
  Type.Literal('client.switch'),
  Type.Literal('client.rollback'),
  Type.Literal('client.migrate'),
  /** Configuration made anew; the container replaced only when its configuration differs. */
  Type.Literal('client.deploy'),
  Type.Literal('client.back_up'),
  Type.Literal('client.restore'),
  Type.Literal('client.delete'),
  /** Parents: each runs one operation of the kind of the same name on every client it is about. */
  Type.Literal('clients.switch'),
  Type.Literal('clients.migrate'),
  Type.Literal('clients.deploy'),
  /** A command that ended before an operation of its own could start; see OperationRejected. */
  Type.Literal('command.rejected'),
]);
export type OperationKind = Static<typeof OperationKind>;
