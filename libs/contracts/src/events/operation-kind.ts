import { Type, type Static } from 'typebox';

/** What an operation does, `<aggregate>.<verb>`. */
export const OperationKind = Type.Union([
  Type.Literal('server.prepare'),
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
  /** A command that ended before an operation of its own could start; see OperationRejected. */
  Type.Literal('command.rejected'),
]);
export type OperationKind = Static<typeof OperationKind>;
