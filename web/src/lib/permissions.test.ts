import { describe, expect, test } from 'vitest';
import { grantable, permitsIn, projectsWith } from './permissions';
import { project, session } from './session.fixture';

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
