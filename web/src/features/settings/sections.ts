import type { Permission, Session } from '@/api/identity';
import type { IconName } from '@/components/Icon';
import { permits, projectsWith } from '@/lib/permissions';
import { sections as words } from '@/words';

/** A page of the settings, and the permission that it needs. */
export interface Section {
  to: SectionPath;
  label: string;
  icon: IconName;
  does: string;
  /** Absent if every member can open the page. */
  needs?: { permission: Permission; where: 'organisation' | 'project' };
  /** Who can open it, if that is not a matter of the role alone. */
  refusal?: string;
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
  | '/settings/audit'
  | '/settings/server';

/** Every page of the settings, in the order of the navigation. */
export const SECTIONS: Section[] = [
  {
    to: '/settings/profile',
    label: words.profile,
    icon: 'user',
    does: words.namePasswordSecondFactor,
  },
  {
    to: '/settings/people',
    label: words.peopleRoles,
    icon: 'people',
    does: words.membersOrganisationTheirRoles,
    needs: { permission: 'manage_people', where: 'organisation' },
  },
  {
    to: '/settings/projects',
    label: words.projects,
    icon: 'layers',
    does: words.projectsTheirEnvironments,
  },
  {
    to: '/settings/keys',
    label: words.apiKeys,
    icon: 'key',
    does: words.keysSendEventsRead,
    needs: { permission: 'manage_keys', where: 'project' },
  },
  {
    to: '/settings/prices',
    label: words.prices,
    icon: 'table',
    does: words.pricesCostsReportedWithout,
    needs: { permission: 'manage_settings', where: 'project' },
  },
  {
    to: '/settings/redaction',
    label: words.redaction,
    icon: 'eyeOff',
    does: words.whatRemovedFromEvents,
    needs: { permission: 'manage_privacy', where: 'project' },
  },
  {
    to: '/settings/privacy',
    label: words.privacy,
    icon: 'shield',
    does: words.pseudonymsUsersErasingUser,
    needs: { permission: 'manage_privacy', where: 'project' },
  },
  {
    to: '/settings/identity-provider',
    label: words.identityProvider,
    icon: 'door',
    does: words.singleSignOpenidConnect,
    needs: { permission: 'manage_tenant', where: 'organisation' },
  },
  {
    to: '/settings/audit',
    label: words.auditLog,
    icon: 'list',
    does: words.whoChangedReadWhat,
    needs: { permission: 'read_audit', where: 'project' },
  },
  {
    to: '/settings/server',
    label: words.server,
    icon: 'server',
    does: words.howServerFares,
    needs: { permission: 'operate_server', where: 'organisation' },
    refusal: words.serverRefused,
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
