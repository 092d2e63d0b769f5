import type { Component } from 'vue';
import { loadedLater as later } from '../../app/renewal.ts';
import OverviewTab from './tabs/OverviewTab.vue';

export type TabKey = '' | 'settings' | 'expiry' | 'backups' | 'log' | 'mails' | 'history';

interface Tab {
  /** Its name in the address. */
  key: TabKey;
  /**
   * Takes the client's `id` and, unless it is deleted, the `client` and its `server`. Emits `act` with an action that is to be asked about, `begun` with the id of an
   * operation that it has begun.
   */
  view: Component;
  /** Still there when the client is deleted. */
  isKept?: true;
}

export const tabs: readonly [Tab, ...Tab[]] = [
  { key: '', view: OverviewTab },
  { key: 'settings', view: later(() => import('./tabs/SettingsTab.vue')) },
  { key: 'expiry', view: later(() => import('./tabs/ExpiryTab.vue')) },
  { key: 'backups', view: later(() => import('./tabs/BackupsTab.vue')), isKept: true },
  { key: 'log', view: later(() => import('./tabs/LogTab.vue')) },
  { key: 'mails', view: later(() => import('./tabs/MailsTab.vue')) },
  { key: 'history', view: later(() => import('./tabs/HistoryTab.vue')), isKept: true },
];
