import type { ReactNode } from 'react';
import { phrase } from '../phrase';

/** The names of the pages of the settings, and what they are for. */
export const sections = {
  profile: 'Profile',
  namePasswordSecondFactor: 'Name, preferences, password, second factor, sessions',
  peopleRoles: 'People and roles',
  membersOrganisationTheirRoles: 'Members of the organisation and their roles',
  projects: 'Projects',
  projectsTheirEnvironments: 'Projects and their environments',
  apiKeys: 'API keys',
  keysSendEventsRead: 'Keys that send events and read figures',
  prices: 'Prices',
  pricesCostsReportedWithout: 'Prices for costs that are reported without an amount',
  redaction: 'Redaction',
  whatRemovedFromEvents: 'What is removed from events before they are stored',
  privacy: 'Privacy',
  pseudonymsUsersErasingUser: 'Pseudonyms for users, and erasing a user',
  identityProvider: 'Identity provider',
  singleSignOpenidConnect: 'Single sign-on with OpenID Connect',
  auditLog: 'Audit log',
  whoChangedReadWhat: 'Who changed or read what, when and from where',
  server: 'Server',
  howServerFares: 'How the server fares, and what it needs',
  serverRefused: 'Only owners of the first organisation on this server can open this page.',
  list: {
    settings: 'Settings',
    role: (role: string) => `The role ${role}`,
    role2: 'Your role',
    doesNotAllowOwner: (part: string, session: ReactNode) =>
      phrase`${part} does not allow this. An owner or admin of ${session} can give you a role that does.`,
  },
};
