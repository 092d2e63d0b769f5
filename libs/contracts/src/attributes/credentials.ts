import { Type, type Static } from 'typebox';
import { closed, patterned, Sealed } from '../values/primitives.ts';

/** Login of the administrator of this API. A colon would end it in Basic authentication. */
export const AdminLogin = patterned(
  '^[^:\\u0000-\\u0020\\u007f]+$',
  'must be without colon, blanks and control characters, like "admin"',
  { minLength: 1, maxLength: 100 },
);

/** Attributes of `POST /cloud_admin_password`. `login` absent: it stays. */
export const AdminPasswordAttributes = closed({
  currentPassword: Type.String({ minLength: 1, maxLength: 1000 }),
  newPassword: Type.String({ minLength: 1, maxLength: 1000 }),
  login: Type.Optional(AdminLogin),
});
export type AdminPasswordAttributes = Static<typeof AdminPasswordAttributes>;

/** Put other credentials in force. The gateway has checked the current ones and the strength of the new ones. */
export const ChangeAdminCredentials = closed({
  login: AdminLogin,
  /** Scrypt hash of the new password, sealed with the transport key. */
  hash: Sealed,
  /** Revision of the credentials that the sender has checked: others in the meantime and the change is refused. */
  basedOn: Type.Integer({ minimum: 0 }),
});
export type ChangeAdminCredentials = Static<typeof ChangeAdminCredentials>;
