import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router';
import { isSignedIn } from '../api/session.ts';
import { lacksPart, loadAnew } from './renewal.ts';

/** Screens are loaded when they are first opened. `section` is the entry of the menu that stands for it. */
const screens: readonly RouteRecordRaw[] = [
  { path: '/sign-in', name: 'sign-in', component: () => import('../screens/sign-in/SignIn.vue') },
  {
    path: '/',
    name: 'overview',
    meta: { section: 'overview' },
    component: () => import('../screens/overview/OverviewScreen.vue'),
  },
  {
    path: '/clients',
    name: 'clients',
    meta: { section: 'clients' },
    component: () => import('../screens/clients/ClientsScreen.vue'),
  },
  {
    path: '/clients/create',
    name: 'create-client',
    meta: { section: 'clients' },
    component: () => import('../screens/create-client/CreateClientScreen.vue'),
  },
  {
    path: '/clients/:id',
    name: 'client',
    meta: { section: 'clients' },
    component: () => import('../screens/client/ClientScreen.vue'),
  },
  {
    path: '/servers',
    name: 'servers',
    meta: { section: 'servers' },
    component: () => import('../screens/servers/ServersScreen.vue'),
  },
  {
    path: '/servers/register',
    name: 'register-server',
    meta: { section: 'servers' },
    component: () => import('../screens/register-server/RegisterServerScreen.vue'),
  },
  {
    path: '/servers/:id',
    name: 'server',
    meta: { section: 'servers' },
    component: () => import('../screens/server/ServerScreen.vue'),
  },
  {
    path: '/images',
    name: 'images',
    meta: { section: 'images' },
    component: () => import('../screens/images/ImagesScreen.vue'),
  },
  {
    path: '/operations',
    name: 'operations',
    meta: { section: 'operations' },
    component: () => import('../screens/operations/OperationsScreen.vue'),
  },
  {
    path: '/operations/:id',
    name: 'operation',
    meta: { section: 'operations' },
    component: () => import('../screens/operation/OperationScreen.vue'),
  },
  {
    path: '/mails',
    name: 'mails',
    meta: { section: 'mails' },
    component: () => import('../screens/mails/MailsScreen.vue'),
  },
  {
    path: '/history',
    name: 'history',
    meta: { section: 'history' },
    component: () => import('../screens/history/HistoryScreen.vue'),
  },
  {
    path: '/account',
    name: 'account',
    meta: { section: 'account' },
    component: () => import('../screens/account/AccountScreen.vue'),
  },
  { path: '/:rest(.*)*', name: 'lost', component: () => import('../screens/LostScreen.vue') },
];

export const router = createRouter({
  history: createWebHistory('/console/'),
  routes: [...screens],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

/** Loads the parts of a screen before it is opened. Without success nothing is said: its opening loads them again, and tells. */
export const prepare = (name: string): void => {
  for (const { components } of router.resolve({ name }).matched) {
    const load: unknown = components?.['default'];
    if (typeof load === 'function') Promise.resolve(load()).catch(() => undefined);
  }
};

router.onError((_error, to) => void loadAnew(router.resolve(to.fullPath).href));

router.afterEach((_to, _from, failure) => {
  if (failure === undefined) lacksPart.value = false;
});

router.beforeEach((to) => {
  if (to.name === 'sign-in' || isSignedIn.value) return true;
  return { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
});
