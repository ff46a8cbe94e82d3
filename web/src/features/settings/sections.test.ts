import { describe, expect, test } from 'vitest';
import type { Session } from '@/api/identity';
import { project, session } from '@/lib/session.fixture';
import { canOpen, SECTIONS, sectionsFor } from './sections';

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

  test('show the server only to those who run it', () => {
    const owner = session(['manage_tenant', 'manage_people'], [project('p')]);
    expect(names(owner)).not.toContain('Server');
    expect(names({ ...owner, permissions: ['operate_server'] })).toContain('Server');
  });

  test('that need a project stay closed to someone without one', () => {
    const keys = SECTIONS.find((section) => section.to === '/settings/keys');
    expect(keys && canOpen(session(['manage_keys']), keys)).toBe(false);
  });
});
