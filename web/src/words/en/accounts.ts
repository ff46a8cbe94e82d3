import { counted } from '@/lib/format';
import { noun } from './nouns';

/** The words about roles, passwords and the programs that people log in with. */
export const accounts = {
  roles: {
    owner: 'Owner',
    admin: 'Admin',
    builder: 'Builder',
    analyst: 'Analyst',
    viewer: 'Viewer',
  },
  /** What each role allows. */
  does: {
    owner: 'everything, including the identity provider and other owners',
    admin: 'manages people, projects, keys, privacy and all other settings',
    builder: 'reads everything, sees who users are, changes analysis settings',
    analyst: 'reads everything and creates segments',
    viewer: 'reads everything and changes nothing',
  },
  noRole: 'No role',
  password: {
    atLeast: (characters: number) => `At least ${characters} characters`,
    missing: (characters: number) => `${counted(characters, noun('more character'))} needed`,
    met: 'Long enough',
  },
  browserOn: (browser: string, system: string) => `${browser} on ${system}`,
  unknownProgram: 'Unknown program',
  noOneLoggedIn: 'No one is logged in.',
  noAccess: 'This account has no access to a project yet.',
};
