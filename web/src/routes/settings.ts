import { createRoute } from '@tanstack/react-router';
import { auditSearch } from '../features/settings/audit/search';
import { serverSearch } from '../features/settings/server/search';
import { lazyPage } from '../lib/lazyPage';
import type { FrameRoute } from '../router';

const settingsPages = () => import('../features/settings/Settings');

/** The settings, each section on a page of its own. */
export function settingsRoutes(frame: FrameRoute) {
  const settings = createRoute({
    getParentRoute: () => frame,
    path: '/settings',
    component: lazyPage(settingsPages, 'Settings'),
  });
  const inSettings = { getParentRoute: () => settings };
  const list = createRoute({
    ...inSettings,
    path: '/',
    component: lazyPage(settingsPages, 'SettingsList'),
  });
  const profile = createRoute({
    ...inSettings,
    path: 'profile',
    component: lazyPage(() => import('../features/settings/profile/Profile'), 'Profile'),
  });
  const people = createRoute({
    ...inSettings,
    path: 'people',
    component: lazyPage(() => import('../features/settings/people/People'), 'People'),
  });
  const projects = createRoute({
    ...inSettings,
    path: 'projects',
    component: lazyPage(() => import('../features/settings/Projects'), 'Projects'),
  });
  const keys = createRoute({
    ...inSettings,
    path: 'keys',
    component: lazyPage(() => import('../features/settings/keys/ApiKeys'), 'ApiKeys'),
  });
  const prices = createRoute({
    ...inSettings,
    path: 'prices',
    component: lazyPage(() => import('../features/settings/Prices'), 'Prices'),
  });
  const redaction = createRoute({
    ...inSettings,
    path: 'redaction',
    component: lazyPage(() => import('../features/settings/Redaction'), 'Redaction'),
  });
  const privacy = createRoute({
    ...inSettings,
    path: 'privacy',
    component: lazyPage(() => import('../features/settings/Privacy'), 'Privacy'),
  });
  const provider = createRoute({
    ...inSettings,
    path: 'identity-provider',
    component: lazyPage(
      () => import('../features/settings/IdentityProviderPage'),
      'IdentityProviderPage',
    ),
  });
  const audit = createRoute({
    ...inSettings,
    path: 'audit',
    validateSearch: auditSearch,
    component: lazyPage(() => import('../features/settings/audit/AuditLog'), 'AuditLog'),
  });
  const server = createRoute({
    ...inSettings,
    path: 'server',
    validateSearch: serverSearch,
    component: lazyPage(() => import('../features/settings/server/Server'), 'Server'),
  });
  return settings.addChildren([
    list,
    profile,
    people,
    projects,
    keys,
    prices,
    redaction,
    privacy,
    provider,
    audit,
    server,
  ]);
}
