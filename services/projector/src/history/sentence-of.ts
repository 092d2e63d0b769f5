import {
  type ClientEvent,
  type HostKeyOwner,
  say,
  type Sentence,
  shownWebhookUrl,
  type ServerEvent,
} from '@alfa-cloud/contracts';
import type { BegunBuildEvent } from '../builds/project-build.ts';
import type { HistoricEvent, HistoricOperation } from './historic-events.ts';

/** What one event says to people: a sentence by its code, with what stands in it. Nothing that is sealed in the event. */
export const sentenceOf = (event: HistoricEvent, operation: HistoricOperation | null): Sentence => {
  const kind = operation?.kind ?? null;
  if (isAbout('Client', event)) return ofClient(event, kind);
  if (isAbout('Server', event)) return ofServer(event);
  if (isAbout('Build', event)) return ofBuild(event);
  switch (event.type) {
    case 'AdminCredentialsChanged': {
      const { login, loginChanged } = event.data;
      return say('credentialsChanged', { login: loginChanged ? login : null });
    }
    case 'SshKeyMade':
      return say('sshKeyMade', { fingerprint: event.data.fingerprint });
    case 'RepositorySet': {
      const { url, branches } = event.data;
      return say('repositorySet', { url, ...branches });
    }
    case 'RepositoryHostKeyAccepted':
      return say('repositoryHostKeyAccepted', { fingerprint: event.data.fingerprint });
    case 'MailSent': {
      const { template, transport } = event.data;
      return say('mailSent', { template, transport });
    }
    case 'MailGivenUp':
      return say('mailGivenUp', { template: event.data.template });
    case 'MailBounced':
      return say('mailBounced', { template: event.data.template });
    case 'WebhookSet': {
      const { url, active } = event.data;
      return say('webhookSet', { url: shownWebhookUrl(url), active });
    }
    case 'WebhookRemoved':
      return say('webhookRemoved', {});
    case 'PasswordLinkOpened':
      return say('passwordLinkOpened', {});
    case 'OperationChildrenPlanned': {
      const { part, children, skipped } = event.data;
      const [toDo, leftOut] = [part?.children ?? children.length, part?.skipped ?? skipped.length];
      return say('manyBegun', { kind, toDo, leftOut });
    }
    case 'OperationRejected':
      return say('notBegun', { command: event.data.command });
    case 'OperationSucceeded':
      return say('operationEnded', { kind, status: 'ok' });
    case 'OperationFailed':
      return say('operationEnded', { kind, status: 'error' });
    case 'OperationCancelled':
      return say('operationEnded', { kind, status: 'cancelled' });
    case 'OperationCancelRequested':
      return say('cancelRequested', { kind });
    case 'ControlPlaneAlertRaised':
    case 'ControlPlaneAlertCleared':
      return ofAlert(event);
    default:
      return event satisfies never;
  }
};

type AlertEvent = Extract<HistoricEvent, { type: `${string}Alert${'Raised' | 'Cleared'}` }>;

const ofAlert = ({ type, data: { code, about } }: AlertEvent): Sentence =>
  type.endsWith('Raised')
    ? say('alertRaised', { alert: code, about })
    : say('alertCleared', { alert: code, about });

type Kind = HistoricOperation['kind'] | null;

const isAbout = <Prefix extends 'Build' | 'Client' | 'Server'>(
  prefix: Prefix,
  event: HistoricEvent,
): event is Extract<HistoricEvent, { type: `${Prefix}${string}` }> => event.type.startsWith(prefix);

const ofBuild = (event: BegunBuildEvent): Sentence => {
  const kind = event.data.role === 'dev' ? 'image.build_dev' : 'image.build_prod';
  switch (event.type) {
    case 'BuildBegun':
      return say('operationBegun', { kind });
    case 'BuildCommitChosen': {
      const { commit, reusedFrom } = event.data;
      const { sha, branch, subject } = commit;
      return say('buildCommit', { commit: sha.slice(0, 12), branch, subject, isReused: reusedFrom !== null });
    }
    case 'BuildImagePublished': {
      const { repository, tag, movingTag } = event.data;
      return say('buildImage', { image: `${repository}:${tag}`, moving: `${repository}:${movingTag}` });
    }
    case 'BuildDistributed': {
      const named = (wanted: string) =>
        event.data.servers.flatMap(({ name, outcome }) => (outcome === wanted ? [name] : []));
      return say('buildDistributed', { on: named('ok'), notOn: named('failed') });
    }
    case 'BuildSucceeded':
      return say('operationEnded', { kind, status: 'ok' });
    case 'BuildFailed':
      return say('operationEnded', { kind, status: 'error' });
    case 'BuildCancelled':
      return say('operationEnded', { kind, status: 'cancelled' });
    default:
      return event satisfies never;
  }
};

const ofServer = (event: ServerEvent): Sentence => {
  switch (event.type) {
    case 'ServerRegistered': {
      const { name, domain } = event.data;
      return say('serverRegistered', { name, domain });
    }
    case 'ServerBecameReady': {
      const { dockerVersion, operatingSystem } = event.data.facts;
      return say('serverReady', { dockerVersion, operatingSystem });
    }
    case 'ServerPreparationFailed':
      return say('operationEnded', { kind: 'server.prepare', status: 'error' });
    case 'ServerPreparationBegun':
      return say('preparedAgain', {});
    case 'ServerHealthChanged':
      return say('serverHealth', { health: event.data.health });
    case 'ServerMended':
      return say('serverMended', {});
    case 'ServerChanged': {
      const { serverId: _, operationId, connection, ...changes } = event.data;
      const isOnlyPrepared =
        operationId !== null && connection === undefined && Object.keys(changes).length === 0;
      if (isOnlyPrepared) return say('preparedAgain', {});
      const { host, jump } = connection?.kind === 'ssh' ? connection : { host: null, jump: undefined };
      return say('serverChanged', {
        ...changes,
        ...(connection === undefined ? {} : { connection: { host, jumpHost: jump?.host ?? null } }),
      });
    }
    case 'ServerHostKeyPinned':
      return say('hostKeyPinned', ownedKey(event.data));
    case 'ServerHostKeyAccepted':
      return say('hostKeyAccepted', ownedKey(event.data));
    case 'ServerHostKeyRefused': {
      const { pinnedFingerprint } = event.data;
      return say('hostKeyRefused', { ...ownedKey(event.data), pinnedFingerprint });
    }
    case 'ServerAlertRaised':
    case 'ServerAlertCleared':
      return ofAlert(event);
    case 'ServerRebootBegun':
      return say('operationBegun', { kind: 'server.reboot' });
    case 'ServerDrained':
      return say('serverDrained', { clients: event.data.clients.length });
    case 'ServerRebooted': {
      const { clients, awayMs } = event.data;
      return say('serverRebooted', { clients, awayMs });
    }
    case 'ServerRebootFailed': {
      const status = event.data.code === 'cancelled' ? 'cancelled' : 'error';
      return say('operationEnded', { kind: 'server.reboot', status });
    }
    case 'ServerDrainingBegun':
      return say('drainingBegun', {});
    case 'ServerDrainingEnded':
      return say('drainingEnded', {});
    case 'ServerCleanedUp': {
      const { imagesTotal: images, leftovers, freedBytes } = event.data;
      return say('serverCleanedUp', { images, leftovers, freedBytes });
    }
    case 'ServerRemoved':
      return say('serverRemoved', {});
    default:
      return event satisfies never;
  }
};

const ofClient = (event: ClientEvent, kind: Kind): Sentence => {
  switch (event.type) {
    case 'ClientCreationRequested':
      return ofRequest(event.data);
    case 'ClientCreated':
      return say('clientCreated', { image: event.data.image });
    case 'ClientCreationFailed': {
      const status = event.data.code === 'cancelled' ? 'cancelled' : 'error';
      return say('operationEnded', { kind: kind === 'client.copy' ? kind : 'client.create', status });
    }
    case 'ClientOperationBegun':
      return say('operationBegun', { kind: event.data.kind });
    case 'ClientOperationEnded':
      return say('operationEnded', { kind, status: event.data.status });
    case 'ClientExpireDateChanged': {
      const { from, to } = event.data;
      return say('expireDateChanged', { from, to });
    }
    case 'ClientMaintenanceEnabled':
      return say('maintenanceEnabled', { message: event.data.message });
    case 'ClientMaintenanceDisabled':
      return say('maintenanceDisabled', {});
    case 'ClientDemoEnabled':
      return say('demoEnabled', {});
    case 'ClientDemoDisabled':
      return say('demoDisabled', {});
    case 'ClientOwnerPasswordChanged':
      return say('ownerPasswordChanged', {});
    case 'ClientUsersCounted':
      return say('usersCounted', { users: event.data.users });
    case 'ClientRebooted':
      return say('clientRebooted', {});
    case 'ClientChanged': {
      const { clientId: _, operationId: __, personal: ___, ...changes } = event.data;
      return say('clientChanged', changes);
    }
    case 'ClientCloudSettingsChanged': {
      const { clientId: _, operationId: __, ...changes } = event.data;
      return say('cloudSettingsChanged', changes);
    }
    case 'ClientCloudSettingsMended':
      return say('cloudSettingsMended', { columns: event.data.columns });
    case 'ClientVirtualHostMended':
      return say('virtualHostMended', { was: event.data.was });
    case 'ClientImageSwitched':
      return ofSwitch(event.data);
    case 'ClientContainerReplaced':
      return say('containerReplaced', { image: event.data.image });
    case 'ClientMigrated':
      return say('clientMigrated', {});
    case 'ClientBackedUp': {
      const { backupId, storage, keepUntil, warnings } = event.data;
      const made = { backupId, kind: event.data.kind, withStorage: storage !== null, keepUntil };
      return say('clientBackedUp', { ...made, warnings: named(warnings) });
    }
    case 'ClientBackupMoved':
      return say('backupMoved', { backupId: event.data.backupId, server: event.data.toName });
    case 'ClientBackupRemoved':
      return say('backupRemoved', { backupId: event.data.backupId });
    case 'ClientRestored': {
      const { clientId, backupId, backupOf, warnings } = event.data;
      const otherClient = backupOf === clientId ? null : backupOf;
      return say('clientRestored', { backupId, otherClient, warnings: named(warnings) });
    }
    case 'ClientMoved': {
      const { fromName: from, toName: to, holdUntil } = event.data;
      return say('clientMoved', { from, to, holdUntil });
    }
    case 'ClientMoveUndone': {
      const { fromName: from, toName: to, backupId } = event.data;
      return say('moveUndone', { from, to, backupId });
    }
    case 'ClientMoveReleased':
      return say('moveReleased', { server: event.data.serverName });
    case 'ClientCopied': {
      const { slug, copyId, serverId, again } = event.data;
      return say('clientCopied', { slug, copyId, serverId, again });
    }
    case 'ClientRefreshed': {
      const { sourceClientId, image } = event.data;
      return say('copyRefreshed', { sourceClientId, image });
    }
    case 'ClientDeleted':
      return say('clientDeleted', {});
    case 'ClientAvailabilityChanged':
      return say('availabilityChanged', { available: event.data.available });
    default:
      return event satisfies never;
  }
};

type DataOf<Type extends ClientEvent['type']> = Extract<ClientEvent, { type: Type }>['data'];

const ofRequest = ({
  slug,
  image,
  expireDate,
  sourceClientId,
}: DataOf<'ClientCreationRequested'>): Sentence =>
  sourceClientId === undefined
    ? say('clientAskedFor', { slug, image, expireDate })
    : say('copyAskedFor', { slug, image, sourceClientId });

/** The same name tells nothing: only the ids differ. */
const ofSwitch = ({ from, to, imageId, fromImageId }: DataOf<'ClientImageSwitched'>): Sentence =>
  from === to && fromImageId !== undefined
    ? say('imageRenewed', { image: to, from: shortId(fromImageId), to: shortId(imageId) })
    : say('imageSwitched', { from, to });

/** As `docker images` shows it. */
const shortId = (imageId: string): string => imageId.replace(/^sha256:/, '').slice(0, 12);

const named = (warnings: DataOf<'ClientRestored'>['warnings'] = []) =>
  warnings.map(({ kind, name }) => ({ kind, name }));

const ownedKey = ({ fingerprint, of = 'server' }: { fingerprint: string; of?: HostKeyOwner }) => ({
  fingerprint,
  of,
});
