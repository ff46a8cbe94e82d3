import { describe, expect, test } from 'vitest';
import type { Permission, Project, Session } from '@/api/identity';
import { opens, SECTIONS, sectionsFor } from '@/features/settings/sections';
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
  test('in a project are those of the organisation and those of the project', () => {
    const own = project('own', ['manage_keys']);
    const other = project('other');
    const builder = session(['manage_settings'], [own, other]);
    expect(permitsIn(builder, own, 'manage_keys')).toBe(true);
    expect(permitsIn(builder, other, 'manage_keys')).toBe(false);
    expect(permitsIn(builder, other, 'manage_settings')).toBe(true);
    expect(projectsWith(builder, 'manage_keys')).toEqual([own]);
  });

  test('only who may change the organisation gives the role of an owner', () => {
    expect(grantable(session(['manage_people']))).not.toContain('owner');
    expect(grantable(session(['manage_people', 'manage_tenant']))).toContain('owner');
  });
});

describe('the settings', () => {
  const names = (of: Session): string[] => sectionsFor(of).map((section) => section.label);

  test('show a viewer what is theirs, and nothing to manage', () => {
    expect(names(session(['read_analytics'], [project('p')]))).toEqual(['Profile', 'Projects']);
  });

  test('show who manages one project its own, and not the organisation', () => {
    const admin = session([], [project('p', ['manage_keys', 'manage_privacy'])]);
    expect(names(admin)).toEqual(['Profile', 'Projects', 'API keys', 'Redaction', 'Privacy']);
  });

  test('show an owner everything', () => {
    const all = SECTIONS.flatMap((section) => section.needs?.permission ?? []);
    expect(names(session(all, [project('p')]))).toHaveLength(SECTIONS.length);
  });

  test('that need a project open for nobody who has none', () => {
    const keys = SECTIONS.find((section) => section.to === '/settings/keys');
    expect(keys && opens(session(['manage_keys']), keys)).toBe(false);
  });
});
