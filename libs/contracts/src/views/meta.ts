import { Type, type Static } from 'typebox';
import { changedTypes } from './change-views.ts';
import { operationStatuses } from './operation-views.ts';
import { measured } from './monitoring-views.ts';
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
import { machine } from './server-views.ts';

const fingerprint = 'SHA256:9xUzGJmVTnRj1aF0sYk3hX5cQw8eLbNpD2tKvR7ZyMo';

/** Members of `meta` in answers, by name. Which of them an answer has is said by its route. */
export const metaMembers = {
  stale: flag('True: the read models are behind, and the answer may not show the newest changes.', true),
  total: count('Resources in all, on every page.', 60),
  cursor: orNull(text('What to ask for as `page[after]` next; null: from the beginning.', '8-0')),
  more: flag('Whether more stood ready than the answer holds.'),
  reset: orNull(
    oneOf(
      ['unknown_cursor', 'too_many_changes'],
      'Why nothing can be told of what has changed since, so that all has to be read anew; null: `changes` say everything.',
    ),
  ),
  changes: listOf(
    part(
      {
        type: oneOf(changedTypes, 'Type of the resource.'),
        id: idOf('Its id.'),
        clientId: orNull(idOf('Whom an operation, a backup or a mail is about; null for others.')),
        serverId: orNull(
          idOf('Where a client lives, what an operation, a build or an alert is about; null for others.'),
        ),
        removed: flag('Shown nowhere but in the history from now on.'),
      },
      'A resource that is not what it was before.',
    ),
    'What has changed, each resource once, in the order of the newest changes.',
  ),
  asOf: moment('The moment that the answer shows.'),
  operationId: idOf('The operation that this has begun.'),
  operationStatus: oneOf(operationStatuses, 'How that operation ended, where the answer has waited for it.'),
  applies: text('What is done on the server, in the language asked for.', 'The server is prepared again'),
  state: text('How the request stands, in English.', 'The change is stored'),
  placement: part(
    {
      serverId: idOf('The server.'),
      reason: orNull(
        text('Why, in the language asked for; null: not known yet.', 'Most memory is free there'),
      ),
    },
    'The server that was chosen for the client, where none was asked for.',
  ),
  reason: part(
    {
      code: text('Slug of the reason, for programs.', 'server_unreachable'),
      detail: text('The reason as a sentence in the language asked for.', 'Server cloud-1 does not answer'),
      meta: Type.Optional(
        Type.Record(Type.String(), Type.Unknown(), {
          description: 'Facts about it.',
          examples: [{ operationId: '5b2c4f0e-7a1d-4c3e-9f64-2d8f1a6b7c90' }],
        }),
      ),
    },
    'Why the value is an earlier one.',
  ),
  secret: text(
    'Secret of the webhook, made by the system and told this once.',
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  ),
  monitoring: part(measured, 'What the server is busy with, measured now.'),
  link: orNull(
    part(
      {
        status: oneOf(['up', 'down'], 'Whether it stands.'),
        failure: reasonOrNull('Why the last attempt failed; null: it is up, or was not needed yet.'),
        retryInMs: count(
          'Until then calls to the server fail at once with that cause, ms; 0: the next call tries.',
          0,
        ),
      },
      'The connection over ssh as it is now; null: there is none, or nobody tells.',
    ),
  ),
  connection: part(
    {
      ...machine,
      hostKeyFingerprint: orNull(text('Host key of the server; null: could not be told.', fingerprint)),
      jump: orNull(
        part(
          { hostKeyFingerprint: text('Its host key.', fingerprint) },
          'The jump host; null: there is none.',
        ),
      ),
      dockerWay: orNull(
        text(
          'How the engine is reached, for people; null: could not be told.',
          'forwarded socket /var/run/docker.sock',
        ),
      ),
      mayUseDocker: flag(
        'Whether the account reaches the engine by itself; else it is done by `sudo`.',
        true,
      ),
      maySudo: flag('Whether the account may use `sudo`.', true),
      diskTotalBytes: orNull(quantity('Size of the disk, bytes; null: could not be told.', 107_374_182_400)),
      diskFreeBytes: orNull(
        quantity('What can still be written there, bytes; null: could not be told.', 48_318_382_080),
      ),
      clockOffsetMs: quantity(
        "By how much the server's clock is ahead of ours, ms; negative when it is behind.",
        3.5,
      ),
    },
    'What was found when the connection was checked.',
  ),
};

export type MetaMember = keyof typeof metaMembers;

/** A member of `meta` as it is answered. */
export type MetaOf<Name extends MetaMember> = Static<(typeof metaMembers)[Name]>;
