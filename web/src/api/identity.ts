import type { components } from './schema.gen';

type Schemas = components['schemas'];

/** A schema type whose string fields are narrowed to the closed sets that the server declares. */
type Narrowed<T, Fields> = Omit<T, keyof Fields> & Fields;

/** What a user or an API key may do. */
export type Permission =
  | 'send_events'
  | 'read_analytics'
  | 'identify_users'
  | 'manage_settings'
  | 'manage_segments'
  | 'share_views'
  | 'annotate'
  | 'manage_annotations'
  | 'triage_errors'
  | 'manage_keys'
  | 'manage_privacy'
  | 'read_audit'
  | 'manage_projects'
  | 'manage_people'
  | 'operate_server'
  | 'manage_tenant';

/** The roles, most powerful first. */
export type Role = 'owner' | 'admin' | 'builder' | 'analyst' | 'viewer';

/** A role and its permissions; the role is null or absent if none was granted. */
interface Granted {
  role?: Role | null;
  permissions: Permission[];
}

/** A project, and the user's permissions in it beyond those that the organisation grants. */
export type Project = Narrowed<Schemas['ProjectView'], Granted>;

/** The user who is logged in, their organisations and their permissions. */
export type Session = Narrowed<Schemas['SessionView'], Granted & { projects: Project[] }>;

/** A browser in which the user is logged in. */
export type Login = Schemas['PlaceView'];

/** A role in one project. */
export type ProjectRole = Narrowed<Schemas['ProjectRole'], { role: Role }>;

/** A role in the organisation, and roles in its projects. */
export interface Roles {
  role?: Role | null;
  projects: ProjectRole[];
}

/** A member of the organisation. */
export type Person = Narrowed<Schemas['MemberView'], Roles>;

/** An invitation that has not been accepted yet. `link` is returned only when the invitation is created. */
export type Invitation = Narrowed<Schemas['InvitationView'], Roles>;

/** What an invitation link shows. */
export type InvitationShown = Schemas['InvitationShown'];

export type Scope = 'ingest' | 'read' | 'manage';

/** An API key without its secret. */
export type ApiKey = Narrowed<Omit<Schemas['ApiKeyView'], 'key'>, { scopes: Scope[] }>;

/** A newly created API key: the only response that contains the secret. */
export type NewApiKey = ApiKey & { key: string };

/** A project's redaction rules, and the built-in ones that apply to every project. */
export type Redaction = Schemas['RedactionView'];

/** What a project redacts on top of the built-in rules. */
export type RedactionRules = Pick<Redaction, 'keys' | 'values'>;

/** An event as it would be stored, and what was redacted in it. */
export type RedactionPreview = Schemas['RedactionPreview'];

/** The erasure of one user from all stored data. */
export type Erasure = Schemas['ErasureView'];

/** The identity provider for the organisation's single sign-on. */
export type IdentityProvider = Narrowed<
  Omit<Schemas['IdentityProvider'], 'id'>,
  { joinAs?: Role | null }
>;

/** How a user can log in. */
export type LoginOptions = Schemas['LoginOptions'];

/** One entry of the audit log. */
export type AuditEntry = Schemas['AuditView'];
