import type { components } from './schema.gen';

type Schemas = components['schemas'];

/** A shape of the schema with words in place of strings, where the server declares a closed set of them. */
type Told<T, Words> = Omit<T, keyof Words> & Words;

/** What a person or key may do. */
export type Permission =
  | 'send_events'
  | 'read_analytics'
  | 'identify_users'
  | 'manage_settings'
  | 'manage_segments'
  | 'manage_keys'
  | 'manage_privacy'
  | 'read_audit'
  | 'manage_projects'
  | 'manage_people'
  | 'manage_tenant';

/** The roles, the most powerful first. */
export type Role = 'owner' | 'admin' | 'builder' | 'analyst' | 'viewer';

/** A role and what it may do; null or absent where there is none. */
interface Granted {
  role?: Role | null;
  permissions: Permission[];
}

/** A project, and what the person may do in it beyond what the organisation grants. */
export type Project = Told<Schemas['ProjectView'], Granted>;

/** Who is logged in, where, and what they may do. */
export type Session = Told<Schemas['SessionView'], Granted & { projects: Project[] }>;

/** One browser that is logged in as the person. */
export type Login = Schemas['PlaceView'];

/** A role in one project. */
export type ProjectRole = Told<Schemas['ProjectRole'], { role: Role }>;

/** A role in the organisation, and roles in its projects. */
export interface Roles {
  role?: Role | null;
  projects: ProjectRole[];
}

/** A person of the organisation. */
export type Person = Told<Schemas['MemberView'], Roles>;

/** Somebody who was asked to join and has not answered yet. `link` is told once, when it is made. */
export type Invitation = Told<Schemas['InvitationView'], Roles>;

/** What a link of an invitation leads to. */
export type InvitationShown = Schemas['InvitationShown'];

export type Scope = 'ingest' | 'read' | 'manage';

/** An API key without its secret. */
export type ApiKey = Told<Omit<Schemas['ApiKeyView'], 'key'>, { scopes: Scope[] }>;

/** An API key just made: the only time its secret is told. */
export type NewApiKey = ApiKey & { key: string };

/** The rules in force, beside what is taken out of every project's events. */
export type Redaction = Schemas['RedactionView'];

/** What a project redacts on top of the built-in rules. */
export type RedactionRules = Pick<Redaction, 'keys' | 'values'>;

/** An event as it would be stored, and what was taken out of it. */
export type RedactionPreview = Schemas['RedactionPreview'];

/** The removal of one user from everything stored. */
export type Erasure = Schemas['ErasureView'];

/** Where the organisation's people may log in instead. */
export type IdentityProvider = Told<
  Omit<Schemas['IdentityProvider'], 'id'>,
  { joinAs?: Role | null }
>;

/** How somebody may log in. */
export type LoginOptions = Schemas['LoginOptions'];

/** One line of the audit log. */
export type AuditEntry = Schemas['AuditView'];
