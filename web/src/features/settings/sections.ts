import type { Permission, Session } from '@/api/identity';
import type { IconName } from '@/components/Icon';
import { permits, projectsWith } from '@/lib/permissions';

/** A page of the settings, and the permission that it needs. */
export interface Section {
  to: SectionPath;
  label: string;
  icon: IconName;
  does: string;
  /** Absent if every member can open the page. */
  needs?: { permission: Permission; where: 'organisation' | 'project' };
}

export type SectionPath =
  | '/settings/profile'
  | '/settings/people'
  | '/settings/projects'
  | '/settings/keys'
  | '/settings/prices'
  | '/settings/redaction'
  | '/settings/privacy'
  | '/settings/identity-provider'
  | '/settings/audit';

/** Every page of the settings, in the order of the navigation. */
export const SECTIONS: Section[] = [
  {
    to: '/settings/profile',
    label: 'Profile',
    icon: 'user',
    does: 'Name, password, second factor, sessions',
  },
  {
    to: '/settings/people',
    label: 'People and roles',
    icon: 'people',
    does: 'Members of the organisation and their roles',
    needs: { permission: 'manage_people', where: 'organisation' },
  },
  {
    to: '/settings/projects',
    label: 'Projects',
    icon: 'layers',
    does: 'Projects and their environments',
  },
  {
    to: '/settings/keys',
    label: 'API keys',
    icon: 'key',
    does: 'Keys that send events and read figures',
    needs: { permission: 'manage_keys', where: 'project' },
  },
  {
    to: '/settings/prices',
    label: 'Prices',
    icon: 'table',
    does: 'Prices for costs that are reported without an amount',
    needs: { permission: 'manage_settings', where: 'project' },
  },
  {
    to: '/settings/redaction',
    label: 'Redaction',
    icon: 'eyeOff',
    does: 'What is removed from events before they are stored',
    needs: { permission: 'manage_privacy', where: 'project' },
  },
  {
    to: '/settings/privacy',
    label: 'Privacy',
    icon: 'shield',
    does: 'Pseudonyms for users, and erasing a user',
    needs: { permission: 'manage_privacy', where: 'project' },
  },
  {
    to: '/settings/identity-provider',
    label: 'Identity provider',
    icon: 'door',
    does: 'Single sign-on with OpenID Connect',
    needs: { permission: 'manage_tenant', where: 'organisation' },
  },
  {
    to: '/settings/audit',
    label: 'Audit log',
    icon: 'list',
    does: 'Who changed or read what, when and from where',
    needs: { permission: 'read_audit', where: 'project' },
  },
];

/** Whether the user can open a page of the settings. */
export function canOpen(session: Session, section: Section): boolean {
  if (!section.needs) return true;
  const { permission, where } = section.needs;
  return where === 'organisation'
    ? permits(session, permission)
    : projectsWith(session, permission).length > 0;
}

/** The pages of the settings that the user can open. */
export function sectionsFor(session: Session): Section[] {
  return SECTIONS.filter((section) => canOpen(session, section));
}
