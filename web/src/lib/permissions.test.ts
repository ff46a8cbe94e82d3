import { describe, expect, test } from 'vitest';
import type { Permission, Project, Session } from '@/api/identity';
import { canOpen, SECTIONS, sectionsFor } from '@/features/settings/sections';
import { grantable, permitsIn, projectsWith } from './permissions';

const project = (id: string, permissions: Permission[] = []): Project => ({
  id,
  name: id,
  tenant: { id: 't', name: 'T' },
  environments: [],
  role: null,
  permissions,
});

const session = (permissions: Permission[], projects: Project[] = []): Session => ({
  user: { id: 'u', email: 'a@b.c', name: 'A', secondFactor: false },
  tenant: { id: 't', name: 'T' },
  tenants: [{ id: 't', name: 'T' }],
  role: null,
  permissions,
  projects,
});

describe('permissions', () => {
  test('in a project are those of the organisation and of the project together', () => {
    const own = project('own', ['manage_keys']);
    const other = project('other');
    const builder = session(['manage_settings'], [own, other]);
    expect(permitsIn(builder, own, 'manage_keys')).toBe(true);
    expect(permitsIn(builder, other, 'manage_keys')).toBe(false);
    expect(permitsIn(builder, other, 'manage_settings')).toBe(true);
    expect(projectsWith(builder, 'manage_keys')).toEqual([own]);
  });

  test('only someone who manages the organisation can make others owners', () => {
    expect(grantable(session(['manage_people']))).not.toContain('owner');
    expect(grantable(session(['manage_people', 'manage_tenant']))).toContain('owner');
  });
});

describe('the settings', () => {
  const names = (of: Session): string[] => sectionsFor(of).map((section) => section.label);

  test('show a viewer only the sections that everyone has', () => {
    expect(names(session(['read_analytics'], [project('p')]))).toEqual(['Profile', 'Projects']);
  });

  test('show the admin of one project the sections of projects, not of the organisation', () => {
    const admin = session([], [project('p', ['manage_keys', 'manage_privacy'])]);
    expect(names(admin)).toEqual(['Profile', 'Projects', 'API keys', 'Redaction', 'Privacy']);
  });

  test('show an owner everything', () => {
    const all = SECTIONS.flatMap((section) => section.needs?.permission ?? []);
    expect(names(session(all, [project('p')]))).toHaveLength(SECTIONS.length);
  });

  test('that need a project stay closed to someone without one', () => {
    const keys = SECTIONS.find((section) => section.to === '/settings/keys');
    expect(keys && canOpen(session(['manage_keys']), keys)).toBe(false);
  });
});
