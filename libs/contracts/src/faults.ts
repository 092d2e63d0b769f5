import { Type, type Static } from 'typebox';

/** How a fault is answered; the HTTP status is chosen from it in one place, at the gateway. */
export const FaultKind = Type.Union([
  Type.Literal('invalid'),
  Type.Literal('not_found'),
  Type.Literal('conflict'),
  Type.Literal('gone'),
  Type.Literal('not_supported'),
  Type.Literal('unavailable'),
  Type.Literal('internal'),
]);
export type FaultKind = Static<typeof FaultKind>;

/**
 * Every code that a command, a query or the gateway can answer with, once: its kind and its title (JSON:API: the same for every occurrence).
 */
export const faultCatalogue = {
  validation_failed: { kind: 'invalid', title: 'Value is not valid' },
  unknown_attribute: { kind: 'invalid', title: 'Attribute is not known' },
  required: { kind: 'invalid', title: 'Value is required' },
  slug_reserved: { kind: 'invalid', title: 'Slug is reserved' },
  expire_date_in_past: { kind: 'invalid', title: 'Expiry date lies in the past' },
  image_not_on_server: { kind: 'invalid', title: 'Image is not present on the server' },
  connection_kind_not_supported: { kind: 'invalid', title: 'Kind of connection is not supported yet' },
  idempotency_key_reused: { kind: 'invalid', title: 'Idempotency key was used for another request' },
  server_unknown: { kind: 'invalid', title: 'Server does not exist' },
  server_not_ready: { kind: 'conflict', title: 'Server is not ready' },
  server_not_active: { kind: 'conflict', title: 'Server is not active' },
  server_full: { kind: 'conflict', title: 'Server has no capacity left' },
  server_name_taken: { kind: 'conflict', title: 'Server name is taken' },
  slug_taken: { kind: 'conflict', title: 'Slug is taken' },
  client_not_active: { kind: 'conflict', title: 'Client is not active' },
  client_key_lost: { kind: 'conflict', title: 'Key of the client is lost' },
  operation_in_progress: { kind: 'conflict', title: 'Another operation is running' },
  operation_finished: { kind: 'conflict', title: 'Operation has ended' },
  client_has_no_previous_image: { kind: 'conflict', title: 'There is no image to go back to' },
  image_in_use: { kind: 'conflict', title: 'Client runs from this image already' },
  alias_taken: { kind: 'conflict', title: 'Domain name is taken' },
  confirmation_required: { kind: 'invalid', title: 'Confirmation is required' },
  owner_password_elsewhere: { kind: 'invalid', title: "Owner's password is set elsewhere" },
  set_elsewhere: { kind: 'invalid', title: 'Attribute is set elsewhere' },
  backup_unknown: { kind: 'invalid', title: 'Backup does not exist' },
  backup_on_another_server: { kind: 'conflict', title: 'Backup lies on another server' },
  server_has_clients: { kind: 'conflict', title: 'Clients live on the server' },
  operation_not_finished: { kind: 'conflict', title: 'Operation has not ended' },
  operation_not_begun: { kind: 'conflict', title: 'Operation has not begun' },
  operation_not_retryable: { kind: 'conflict', title: 'Operation can not be repeated' },
  current_password_wrong: { kind: 'invalid', title: 'Current password is wrong' },
  password_too_long: { kind: 'invalid', title: 'Password is too long' },
  password_too_weak: { kind: 'invalid', title: 'Password is too weak' },
  credentials_changed_meanwhile: { kind: 'conflict', title: 'Credentials were changed meanwhile' },
  not_found: { kind: 'not_found', title: 'Not found' },
  gone: { kind: 'gone', title: 'Gone' },
  not_supported_yet: { kind: 'not_supported', title: 'Not supported yet' },
  command_not_understood: { kind: 'invalid', title: 'Command could not be understood' },
  server_unreachable: { kind: 'unavailable', title: 'Server cannot be reached' },
  unavailable: { kind: 'unavailable', title: 'A part of the system does not answer' },
  internal: { kind: 'internal', title: 'Internal error' },
} as const satisfies Record<string, { kind: FaultKind; title: string }>;

export type FaultCode = keyof typeof faultCatalogue;

/** One thing wrong with a request, with its place where it has one. */
export const Fault = Type.Object({
  code: Type.String(),
  detail: Type.String(),
  /** JSON pointer into the request document, e.g. `/data/attributes/slug`. */
  pointer: Type.Optional(Type.String()),
  /** Name of the query parameter at fault. */
  parameter: Type.Optional(Type.String()),
  /** Facts for programs, e.g. the id of the operation that runs already. Never a secret. */
  meta: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
});
export type Fault = Omit<Static<typeof Fault>, 'code'> & { code: FaultCode };

/** A request refused for a reason that its sender can understand. Carries every fault found, never a secret. */
export class Rejection extends Error {
  override name = 'Rejection';
  readonly faults: readonly Fault[];

  constructor(faults: readonly [Fault, ...Fault[]] | readonly Fault[]) {
    super(faults.map((fault) => `${fault.code}: ${fault.detail}`).join('; '));
    this.faults = faults;
  }
}

/** Shorthand for a rejection by one fault. */
export const reject = (
  code: FaultCode,
  detail: string,
  place: Omit<Fault, 'code' | 'detail'> = {},
): Rejection => new Rejection([{ code, detail, ...place }]);

/** True for a {@link Rejection} of any realm (Jest and workers have their own classes). */
export const isRejection = (error: unknown): error is Rejection =>
  typeof error === 'object' &&
  error !== null &&
  'name' in error &&
  error.name === 'Rejection' &&
  'faults' in error;
