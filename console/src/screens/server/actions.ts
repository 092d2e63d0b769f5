import {
  BrushCleaning,
  DoorOpen,
  KeyRound,
  LogOut,
  Pencil,
  PlugZap,
  RotateCw,
  Settings2,
  Trash2,
  Wrench,
} from '@lucide/vue';
import type { ServerResource } from '../../api/resources.ts';
import { type Action, type ActionRequest, type ActionValues, filled } from '../../parts/action.ts';
import { serverWords } from '../servers/server-words.ts';
import { words } from './action-words.ts';
import { changeOf, connectionOf, placeOf } from './changes.ts';
import CleanupPlan from './CleanupPlan.vue';
import DrainPlan from './DrainPlan.vue';

const paceOf = (values: ActionValues) => ({
  canary: filled(values['canary']),
  waveSize: filled(values['waveSize']),
  stopAfter: filled(values['stopAfter']),
});

const pathOf = ({ id }: ServerResource): string => `/servers/${id}`;

const patch = (server: ServerResource, attributes: Record<string, unknown>): ActionRequest => ({
  method: 'PATCH',
  path: pathOf(server),
  type: 'servers',
  id: server.id,
  attributes,
});

const change = (is: ServerResource): Action => {
  const { name, does, serverName, capacity, active, uploadMb, requestTimeoutS } = words.value.change;
  return {
    key: 'change',
    name,
    icon: Pencil,
    does,
    fields: [
      { name: 'name', kind: 'line', label: serverName, initial: is.name, isRequired: true },
      {
        name: 'capacity/clients',
        kind: 'number',
        label: capacity,
        initial: String(is.capacity.clients),
        isRequired: true,
        min: 0,
      },
      { name: 'active', kind: 'check', label: active, initial: is.active },
      {
        name: 'limits/uploadMb',
        kind: 'number',
        label: uploadMb,
        initial: String(is.limits?.uploadMb ?? ''),
        min: 1,
      },
      {
        name: 'limits/requestTimeoutS',
        kind: 'number',
        label: requestTimeoutS,
        initial: String(is.limits?.requestTimeoutS ?? ''),
        min: 1,
      },
    ],
    request: (values) => patch(is, changeOf(values)),
  };
};

/** Those that need no parameter. */
const simple = (server: ServerResource, key: 'prepare' | 'reboot' | 'endDrain' | 'remove'): Action => {
  const requests = {
    prepare: { method: 'POST', path: `${pathOf(server)}/prepare` },
    reboot: { method: 'POST', path: `${pathOf(server)}/reboot_server` },
    endDrain: { method: 'DELETE', path: `${pathOf(server)}/drain` },
    remove: { method: 'DELETE', path: pathOf(server) },
  } as const;
  const icons = { prepare: Wrench, reboot: RotateCw, endDrain: DoorOpen, remove: Trash2 };
  return {
    key,
    ...words.value[key],
    icon: icons[key],
    fields: [],
    request: () => requests[key],
    ...(key === 'remove' && { isDangerous: true, typed: server.name }),
  };
};

const connect = (server: ServerResource): Action | null => {
  const { connection } = server;
  if (connection.kind !== 'ssh') return null;
  const to = words.value.connect;
  return {
    key: 'connect',
    name: to.name,
    icon: PlugZap,
    does: to.does,
    fields: [
      { name: 'connection/host', kind: 'line', label: to.host, initial: connection.host, isRequired: true },
      { name: 'connection/port', kind: 'number', label: to.port, initial: String(connection.port ?? 22) },
      {
        name: 'connection/username',
        kind: 'line',
        label: to.username,
        initial: connection.username,
        isRequired: true,
      },
      { name: 'connection/privateKey', kind: 'lines', label: to.privateKey, hint: to.privateKeyHint },
      { name: 'connection/passphrase', kind: 'secret', label: to.passphrase },
      { name: 'connection/hostKey', kind: 'line', label: to.hostKey, hint: to.hostKeyHint },
    ],
    request: (values) => patch(server, { connection: connectionOf(values, connection) }),
  };
};

const drain = (server: ServerResource): Action => {
  const { name, does, canary, waveSize, stopAfter } = words.value.drain;
  const path = `${pathOf(server)}/drain`;
  return {
    key: 'drain',
    name,
    icon: LogOut,
    does,
    fields: [
      { name: 'canary', kind: 'number', label: canary, initial: '1', min: 0 },
      { name: 'waveSize', kind: 'number', label: waveSize, initial: '4', min: 1, max: 64 },
      { name: 'stopAfter', kind: 'number', label: stopAfter, initial: '3', min: 1 },
    ],
    plan: {
      question: (values) => ({ path, parameters: { ...paceOf(values), dryRun: true } }),
      method: 'POST',
      view: DrainPlan,
      isBlocked: ({ obstacles }: { obstacles: readonly unknown[] }) => obstacles.length > 0,
    },
    request: (values) => ({ method: 'POST', path, parameters: paceOf(values) }),
  };
};

const cleanup = (server: ServerResource): Action => {
  const path = `${pathOf(server)}/cleanup`;
  return {
    key: 'cleanup',
    ...words.value.cleanup,
    icon: BrushCleaning,
    fields: [],
    plan: {
      question: () => ({ path, parameters: { dryRun: true } }),
      method: 'POST',
      view: CleanupPlan,
      isBlocked: () => false,
    },
    request: () => ({ method: 'POST', path }),
  };
};

const place = (is: ServerResource): Action => {
  const { name, does, role, domain, httpPort, httpsPort } = words.value.place;
  return {
    key: 'place',
    name,
    icon: Settings2,
    does,
    fields: [
      {
        name: 'role',
        kind: 'choice',
        label: role,
        initial: is.role,
        isRequired: true,
        choices: Object.entries(serverWords.value.roles).map(([value, text]) => ({ value, text })),
      },
      { name: 'domain', kind: 'line', label: domain, initial: is.domain, isRequired: true },
      {
        name: 'proxy/httpPort',
        kind: 'number',
        label: httpPort,
        initial: String(is.proxy.httpPort),
        isRequired: true,
      },
      {
        name: 'proxy/httpsPort',
        kind: 'number',
        label: httpsPort,
        initial: String(is.proxy.httpsPort ?? ''),
      },
    ],
    request: (values) => patch(is, placeOf(values)),
  };
};

const accept = (server: ServerResource): Action | null => {
  const refused = server.refusedHostKey;
  if (refused === undefined || refused === null) return null;
  const { name, does, risk } = words.value.accept;
  const { fingerprint } = refused;
  return {
    key: 'accept',
    name,
    icon: KeyRound,
    does: does(fingerprint),
    risk,
    fields: [],
    request: () => ({
      method: 'POST',
      path: `${pathOf(server)}/accept_host_key`,
      type: 'host-keys',
      attributes: { fingerprint },
    }),
  };
};

/** What can be done with a server as it is now; those of everyday use come first. */
export const actionsOf = (server: ServerResource): readonly Action[] => {
  const { draining, connection, clientCount, heldCount } = server;
  const isDraining = draining !== undefined && draining !== null;
  return [
    change(server),
    simple(server, 'prepare'),
    connection.kind === 'ssh' ? simple(server, 'reboot') : null,
    isDraining ? simple(server, 'endDrain') : drain(server),
    cleanup(server),
    connect(server),
    clientCount + heldCount === 0 ? place(server) : null,
    accept(server),
    simple(server, 'remove'),
  ].filter((action) => action !== null);
};
