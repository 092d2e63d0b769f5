import { Type } from 'typebox';
import type { ShownConnection } from '../attributes/servers.ts';
import type { HealthReason, RecordedHealth, ServerCheck } from '../events/servers.ts';
import type { RequestLimits } from '../values/primitives.ts';
import type { Reason } from '../words/reason.ts';
import { type AlertView, raisedAlert } from './alert-views.ts';
import {
  count,
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

export const serverStates = [
  'preparing',
  'ready',
  'degraded',
  'unreachable',
  'draining',
  'inactive',
] as const;

const fingerprint = 'SHA256:9xUzGJmVTnRj1aF0sYk3hX5cQw8eLbNpD2tKvR7ZyMo';
const hostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIH9q';

const login = {
  host: text('Host name or IP address.', 'cloud-1.example.org'),
  port: count('Port of ssh.', 22),
  username: text('Account that logs in.', 'deploy'),
  publicKey: orNull(
    text(
      'What the machine has to let in; null: not known.',
      'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8m alfa-cloud',
    ),
  ),
  keyId: orNull(idOf('The key pair made by Alfa Cloud that is used; null: another one is.')),
  hostKey: orNull(text('Host key that counts; null: none yet.', hostKey)),
  hostKeyFingerprint: orNull(text('The same as `ssh-keygen -l` shows it; null: none yet.', fingerprint)),
};

/** What a server is, by its Docker Engine. */
export const machine = {
  dockerVersion: text("Docker's version.", '27.3.1'),
  operatingSystem: text('Operating system, as Docker tells it.', 'Debian GNU/Linux 12 (bookworm)'),
  architecture: text('Architecture, as Docker tells it.', 'x86_64'),
  cpus: quantity('Processors.', 8),
  memoryBytes: quantity('Memory, bytes.', 33_554_432_000),
};

const port = (description: string, example: number) =>
  Type.Integer({ minimum: 1, maximum: 65_535, description, examples: [example] });

export const serverResource = defineResource({
  type: 'servers',
  title: { en: 'Server', ru: 'Сервер' },
  description: 'A machine with a Docker Engine on which clients live. Key material is never in it.',
  attributes: {
    name: text('Name that people know it by.', 'cloud-1'),
    role: oneOf(
      ['production', 'stage', 'build'],
      'What it is for: clients, copies of clients, or builds of images.',
    ),
    domain: text(
      'Domain below which its clients live, `<slug>.<domain>`, in its own script.',
      'lab.example.org',
    ),
    domainAscii: text('The same domain as DNS has it.', 'lab.example.org'),
    connection: Type.Union(
      [
        part(
          { kind: Type.Literal('local', { description: 'How it is reached.', examples: ['local'] }) },
          'This machine itself.',
        ),
        part(
          {
            kind: Type.Literal('ssh', { description: 'How it is reached.', examples: ['ssh'] }),
            ...login,
            jump: orNull(
              part(login, 'The jump host from where alone it can be reached; null: there is none.'),
            ),
          },
          'A machine over ssh.',
        ),
      ],
      { description: 'How it is reached, without what opens it.' },
    ),
    active: flag('Whether it takes new clients and stands in lists of servers.', true),
    capacity: part({ clients: count('Clients.', 100) }, 'How much it takes.'),
    proxy: part(
      { httpPort: port('Port of HTTP.', 80), httpsPort: Type.Optional(port('Port of HTTPS.', 443)) },
      'Ports of its proxy.',
    ),
    limits: part(
      {
        uploadMb: count('Largest body of a request, MiB.', 64),
        requestTimeoutS: count('Longest time without a byte from the application, s.', 300),
      },
      'Limits of requests to clients that have none of their own.',
    ),
    state: oneOf(
      serverStates,
      'The server in one word, the first that is true in this order: preparing, unreachable, draining, inactive, degraded, ready.',
    ),
    status: oneOf(
      ['preparing', 'ready', 'failed'],
      'How its preparation stands. Only a ready server takes clients.',
    ),
    failure: reasonOrNull('Why its preparation has failed; null when it has not.'),
    facts: orNull(
      part(
        {
          ...machine,
          engineId: text("Docker's own id of the engine.", '7TRN:IPZB:QYBB:VPBQ:UMPP:KARE:6ZNR:XE6T'),
        },
        'What the preparation has learned about it; null before.',
      ),
    ),
    refusedHostKey: orNull(
      part(
        {
          hostKey: text('The key.', hostKey),
          fingerprint: text('The same as `ssh-keygen -l` shows it.', fingerprint),
          of: oneOf(['server', 'jump'], 'Who has shown it: the server, or its jump host.'),
          at: moment('Since when.'),
        },
        'A host key that was shown in the place of the one that counts; null when that one was shown last.',
      ),
    ),
    reboot: orNull(
      part(
        {
          operationId: idOf('The reboot.'),
          since: moment('When it began.'),
          drained: flag('Nothing works there any more, and what is away is away on purpose.', true),
          expectedAt: orNull(
            moment('When everything will be back by the time that the last reboot took; null: nobody knows.'),
          ),
        },
        'A reboot under way; null without one.',
      ),
    ),
    draining: orNull(
      part(
        { operationId: idOf('The operation that began it.'), since: moment('Since when.') },
        'Its clients are to leave it and none comes; null while they are not.',
      ),
    ),
    health: oneOf(
      ['ok', 'degraded', 'down', 'unknown'],
      'Whether it can do its work. `degraded`: it serves, with something that needs attention. `unknown`: not compared lately.',
    ),
    healthReasons: listOf(
      part(
        {
          code: text('Slug of the reason, for programs.', 'server_unreachable'),
          detail: text(
            'The reason as a sentence in the language asked for.',
            'Server cloud-1 does not answer',
          ),
        },
        'One thing that is not as it should be.',
      ),
      'Why the health is not ok; none when it is.',
    ),
    healthCheckedAt: orNull(moment('When it was compared with what should stand there; null: not yet.')),
    alerts: listOf(
      part({ id: idOf('The alert.'), ...raisedAlert }, 'An alert that is raised.'),
      'Alerts that are raised, the oldest first.',
    ),
    clientCount: count('Clients that live there or are being created.', 14),
    heldCount: count('Clients that have moved away and are kept there for a time.', 0),
    createdAt: moment('When it was registered.'),
    updatedAt: moment('When something recorded of it changed last.'),
  },
  relationships: { operation: { to: 'operations', description: 'The newest operation that prepares it.' } },
  links: { self: 'The server.' },
});

type Attributes = AttributesOf<typeof serverResource>;

/** Read model of a server. Key material is never in it. */
export interface ServerView extends Omit<
  Attributes,
  | 'domainAscii'
  | 'connection'
  | 'limits'
  | 'state'
  | 'failure'
  | 'refusedHostKey'
  | 'reboot'
  | 'draining'
  | 'health'
  | 'healthReasons'
  | 'alerts'
> {
  id: string;
  connection: ShownConnection;
  /** Of requests to clients without limits of their own; the defaults stand for what is absent. */
  limits?: RequestLimits;
  failure: Reason | null;
  /** A host key that was shown in the place of the recorded one, and since when; absent when that one was shown last. */
  refusedHostKey?: NonNullable<Attributes['refusedHostKey']>;
  /** What was found when the connection was checked; absent for this machine itself. */
  check?: ServerCheck;
  /**
   * A reboot under way; absent without one. `drained`: nothing works there any more, and what is away is away on purpose. `expectedAt`: when
   * everything will be back by the time that the last reboot took; null before it is drained and after no other reboot.
   */
  reboot?: NonNullable<Attributes['reboot']>;
  /** Since when its clients are to leave it, and with which operation that began; absent while they are not. */
  draining?: NonNullable<Attributes['draining']>;
  /** `unknown`: not compared lately. */
  health: RecordedHealth | 'unknown';
  healthReasons: HealthReason[];
  /** Those that are raised, the oldest first. */
  alerts: AlertView[];
  /** The newest prepare operation. */
  operationId: string;
}

/** The connection to a server over ssh as it is now; nobody is asked for it. */
export interface ServerLink {
  status: 'up' | 'down';
  /** Why the last attempt failed; null: it is up, or was not needed yet. */
  failure: Reason | null;
  /** Until then calls to the server fail at once with that cause; 0: the next call tries. */
  retryInMs: number;
}

export const sshKeyResource = defineResource({
  type: 'ssh-keys',
  title: { en: 'Key pair', ru: 'Пара ключей' },
  description: 'A key pair for servers made by Alfa Cloud, without its private part.',
  attributes: {
    publicKey: text(
      'The public part, as `authorized_keys` holds it.',
      'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8m alfa-cloud',
    ),
    fingerprint: text('The same as `ssh-keygen -l` shows it.', fingerprint),
    createdAt: moment('When it was made.'),
  },
  links: { self: 'The key pair.' },
});

/** A key pair for servers, without its private part. */
export interface SshKeyView extends AttributesOf<typeof sshKeyResource> {
  id: string;
}
