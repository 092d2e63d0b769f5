import { Activity, Boxes, History, KeyRound, LayoutDashboard, Mail, Server, Users } from '@lucide/vue';
import type { Component } from 'vue';

/** The sections of the console in the order of the menu. `name` is that of the route and of its words. */
export const sections = [
  { name: 'overview', icon: LayoutDashboard },
  { name: 'clients', icon: Users },
  { name: 'servers', icon: Server },
  { name: 'images', icon: Boxes },
  { name: 'operations', icon: Activity },
  { name: 'mails', icon: Mail },
  { name: 'history', icon: History },
  { name: 'account', icon: KeyRound },
] as const satisfies readonly { name: string; icon: Component }[];
