import { Type } from 'typebox';
import type { Limits, Locale, RequestLimits } from '../values/primitives.ts';
import type { Message } from '../words/message.ts';
import type { Reason } from '../words/reason.ts';
import {
  count,
  day,
  flag,
  idOf,
  listOf,
  moment,
  oneOf,
  orNull,
  part,
  quantity,
  reasonOrNull,
  text,
} from './property.ts';
import { type AttributesOf, defineResource } from './resource.ts';
import { imageIdentity } from './image-views.ts';

export const clientStatuses = ['creating', 'active', 'failed'] as const;

/** Null once the client's key was destroyed. */
const personal = (description: string, example: string) =>
  orNull(text(`${description}; null once the client is deleted.`, example));

export const clientResource = defineResource({
  type: 'clients',
  title: { en: 'Client', ru: 'Клиент' },
  description:
    'One customer laboratory: container, database, virtual host, storage and the date until which it may be used.',
  attributes: {
    slug: text('Technical name: unique over all servers, part of every name made for the client.', 'lab-one'),
    name: personal('Name of the laboratory', 'Laboratory No. 1'),
    email: personal('Where mails go', 'lab@example.org'),
    ownerLogin: personal("Login of the owner's account in the client's system", 'lab@example.org'),
    notes: personal('Notes of the administrator', 'Pays by invoice'),
    locale: Type.Unsafe<Locale>({
      type: 'string',
      enum: ['ru', 'en'],
      description: 'Language of its system and of mails to it.',
      examples: ['ru'],
    }),
    status: oneOf(clientStatuses, 'How far it is: being created, in service, or its creation has failed.'),
    failure: reasonOrNull('Why its creation has failed; null when it has not.'),
    expireDate: day('Last day of use, in the zone of the installation.'),
    image: text('Docker image that its container runs from, by name.', 'alfa-client:1.4.0'),
    limits: part(
      {
        memoryMb: count('Memory of the container, MiB.', 512),
        cpus: quantity('Processors of the container; parts of one can be given.', 1),
        pids: count('Processes in the container at the same time.', 256),
        uploadMb: Type.Optional(count('Largest body of a request, MiB.', 64)),
        requestTimeoutS: Type.Optional(
          count('Longest time without a byte from the application while a request is answered, s.', 300),
        ),
      },
      'What the client may use. Limits of requests are those of its server where it has none of its own.',
    ),
    demo: flag('Whether demo data are in its database.'),
    sendSuccess: flag('Whether a mail was asked for at the end of its creation.', true),
    expiryWarnings: flag('Whether warnings of the end of use go to the client by themselves.', true),
    maintenance: orNull(
      part(
        {
          message: orNull(
            text('What the page tells; null: only that there is maintenance.', 'Back at 18:00'),
          ),
          since: moment('When it was switched on.'),
        },
        'The maintenance page that is shown in place of the application; null while there is none.',
      ),
    ),
    aliases: listOf(
      text('A DNS name in its own script.', 'lab.example.org'),
      'Further DNS names of its cloud.',
    ),
    aliasesAscii: listOf(text('A DNS name in ASCII.', 'lab.example.org'), 'The same names as DNS has them.'),
    quickStart: flag('Whether its system shows the quick start.', true),
    tutorial: flag('Whether its system shows the short tutorial.', true),
    imageId: orNull(
      text(
        "Docker's id of the image that the container was made from; null before the first start.",
        'sha256:9f64c3e07a1d5b2c4f0e',
      ),
    ),
    imageOutdated: orNull(
      flag(
        'True when `image` means another image on its server than the one it runs from; null when nobody knows at the moment.',
      ),
    ),
    previousImage: orNull(part(imageIdentity, 'What a rollback leads to; null when there was no switch.')),
    held: orNull(
      part(
        {
          serverId: idOf('The server that it has left.'),
          until: moment('When what is kept there is removed.'),
          operationId: idOf('The move, or its undoing.'),
          undoable: flag('Whether the move can be taken back.', true),
        },
        'What the server that it has left keeps of it, stopped; null when there is nothing.',
      ),
    ),
    lastBackupAt: orNull(
      moment(
        'When the newest backup that is there, of database and storage both, was made; null: there is none.',
      ),
    ),
    usersCount: orNull(
      count("Users in the client's system when they were last counted; null: they never were.", 12),
    ),
    usersCountedAt: orNull(moment('When they were counted; null: they never were.')),
    available: orNull(
      flag('Whether it answers through the proxy; null when not known or not measured lately.', true),
    ),
    unavailableReason: orNull(
      text(
        'Why it is not available, in the language asked for; null otherwise.',
        'The container has stopped',
      ),
    ),
    availableCheckedAt: orNull(moment('When its availability was measured; null: it was not.')),
    createdAt: moment('When it was created.'),
    updatedAt: moment('When something recorded of it changed last.'),
  },
  relationships: {
    server: { to: 'servers', description: 'Where it lives; null while that is not decided.' },
    copyOf: {
      to: 'clients',
      description: 'The client that it is a copy of; null: of none.',
      meta: {
        slug: orNull(text('Technical name of that client; null once it is deleted.', 'lab-one')),
        deleted: flag('Whether that client is deleted.'),
      },
    },
    copies: {
      to: 'clients',
      many: true,
      description: 'Copies of it that are there, the oldest first.',
      identifierMeta: {
        slug: text('Technical name of the copy.', 'lab-one-stage'),
        serverId: idOf('The server where the copy lives.'),
      },
    },
    operation: { to: 'operations', description: 'The operation that has created it.' },
    runningOperation: {
      to: 'operations',
      description: 'The operation that has it for itself at the moment; null: none.',
    },
  },
  links: {
    self: 'The client.',
    createLog: 'Log of its creation.',
    settings: 'Its cloud settings.',
    backups: 'Its backups.',
    logs: "Its container's output.",
    history: 'What was done with it.',
    expireDatesHistory: 'Changes of its last day of use.',
    cloud: "Address of the client's cloud.",
  },
});

type Attributes = AttributesOf<typeof clientResource>;

/** Read model of a client. */
export interface ClientView extends Omit<
  Attributes,
  'failure' | 'limits' | 'aliasesAscii' | 'unavailableReason'
> {
  id: string;
  serverId: string;
  /** Why Alfa Cloud has chosen the server at the creation; absent when it was asked for. */
  placement?: { reason: string; message?: Message };
  failure: Reason | null;
  /** The client's own. */
  limits: Limits;
  /** Of requests where the client has none of its own. */
  serverLimits: Required<RequestLimits>;
  /** The client that it is a copy of; null: of none. It stays when that one is deleted. */
  sourceClientId: string | null;
  /** Null also once the source is deleted. */
  sourceSlug: string | null;
  /** Copies of it that are there, the oldest first. */
  copies: { clientId: string; slug: string; serverId: string }[];
  /** The operation that has the client for itself at the moment. */
  runningOperationId: string | null;
  /** Why it is not available, in English. */
  unavailableReason: string | null;
  /** The same for every language; absent as in {@link Reason}. */
  unavailableMessage?: Message;
  /** Address of the client's cloud. */
  cloud: string;
  /** The creating operation. */
  operationId: string;
}
