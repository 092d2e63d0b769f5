import { resourceOf } from '@alfa-cloud/contracts';
import type { TSchema } from 'typebox';

/** What attributes of requests mean that no answer has, by type of the resource and name. */
const sentences: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  clients: {
    ownerPassword: "Password of the owner's account; default: one is made. It is never answered.",
    reason: 'Why the last day of use is changed.',
    confirm: '`true`: the day may have passed.',
  },
  'owner-passwords': { password: "Password of the owner's account. It is never answered." },
  'host-keys': { fingerprint: 'The host key that counts from now on, as `ssh-keygen -l` shows it.' },
  'ssh-keys': { comment: 'Stands at the end of the public key. Default `alfa-cloud`.' },
  copies: {
    maskingSql:
      "Run in the copy's database by its own account before the first start; it may be run twice. It is never answered.",
    ownerPassword: "Password of the owner's account in the copy; default: one is made. It is never answered.",
  },
  maintenance: { message: 'What the maintenance page tells, line by line.' },
  restorations: {
    backupId: 'The backup.',
    confirm: '`true`: what was entered since the backup may be lost.',
    withoutBackup: '`true`: no backup of the present state is made first, so nothing can be put back.',
  },
  cancellations: { reason: 'Why it is cancelled.' },
  repositories: {
    privateKey: 'Private key by which the repository lets us in. It is never answered.',
    passphrase: 'Opens the private key. It is never answered.',
    hookSecret:
      'By which its host signs what it tells `POST /hooks/git`, kept sealed and never read back; null switches that off.',
    username: 'User that the token is sent with; default: `git`.',
    token: 'Token by which the repository lets us in; null: none any more. It is never answered.',
  },
  'repository-checks': { fingerprint: 'The host key that counts from now on, as `ssh-keygen -l` shows it.' },
  webhooks: { secret: 'Signs what goes to the webhook; default: one is made and told once.' },
  'cloud-admin-passwords': {
    currentPassword: 'Password in force.',
    newPassword: 'Password from now on.',
    login: 'Login from now on. Default: it stays.',
  },
};

/**
 * What an attribute of a request means: as the answer has it, with what a text has to be like.
 * @throws Error when nobody has written it down
 */
export const attributeSentence = (
  type: string,
  name: string,
  { description }: TSchema & { description?: string },
): string => {
  const shown: TSchema & { description?: string } = resourceOf(type)?.attributes.properties[name] ?? {};
  const meaning = sentences[type]?.[name] ?? shown.description;
  if (meaning === undefined) throw new Error(`Attribute ${name} of ${type} has no description`);
  return description === undefined ? meaning : `${meaning} It ${description}.`;
};
