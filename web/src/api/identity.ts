import type { components } from './schema.gen';

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

/** An organisation. */
export interface Tenant {
  id: string;
  name: string;
}

/** A project, and what the person may do in it beyond what the organisation grants. */
export type Project = components['schemas']['ProjectView'] & {
  role: Role | null;
  permissions: Permission[];
};

/** Who is logged in, where, and what they may do. */
export interface Session {
  user: { id: string; email: string; name: string; secondFactor: boolean };
  tenant: Tenant;
  tenants: Tenant[];
  role: Role | null;
  permissions: Permission[];
  projects: Project[];
}

/** One browser that is logged in as the person. */
export interface Login {
  id: string;
  current: boolean;
  createdAt: string;
  lastSeenAt: string;
  address?: string | null;
  userAgent?: string | null;
}

/** A role in one project. */
export interface ProjectRole {
  projectId: string;
  role: Role;
}

/** A person of the organisation. */
export interface Person {
  id: string;
  email: string;
  name: string;
  role: Role | null;
  projects: ProjectRole[];
  secondFactor: boolean;
  lastSeenAt: string | null;
  createdAt: string;
}

/** Somebody who was asked to join and has not answered yet. */
export interface Invitation {
  id: string;
  email: string;
  name?: string | null;
  role: Role | null;
  projects: ProjectRole[];
  expiresAt: string;
}

/** What a link of an invitation leads to. */
export interface InvitationShown {
  tenant: { name: string };
  email: string;
  invitedBy: string;
  knownPerson: boolean;
}

export type Scope = 'ingest' | 'read' | 'manage';

/** An API key without its secret. */
export interface ApiKey {
  id: string;
  name: string;
  prefix: string;
  scopes: Scope[];
  environment: string | null;
  createdAt: string;
  createdBy: string | null;
  expiresAt: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
  replacedBy: string | null;
}

/** An API key just made: the only time its secret is told. */
export type NewApiKey = ApiKey & { key: string };

/** What a project redacts on top of the built-in rules. */
export interface RedactionRules {
  keys: string[];
  values: { name: string; pattern: string }[];
}

/** The rules in force, beside what is taken out of every project's events. */
export type Redaction = RedactionRules & {
  version: number;
  by?: string | null;
  changedAt?: string | null;
  builtIn: { keysContaining: string[]; keysEnding: string[]; values: string[]; cards: boolean };
};

/** An event as it would be stored, and what was taken out of it. */
export interface RedactionPreview {
  event: unknown;
  hits: { path: string; rule: string }[];
}

/** The removal of one user from everything stored. */
export interface Erasure {
  id: string;
  state: string;
  /** Null once it is done. */
  userId?: string | null;
  by: string;
  requestedAt: string;
  finishedAt?: string | null;
  events?: number | null;
  mentions?: number | null;
  cubeRows?: number | null;
}

/** Where the organisation's people may log in instead. */
export interface IdentityProvider {
  name: string;
  issuer: string;
  clientId: string;
  domains: string[];
  joinAs: Role | null;
}

/** One line of the audit log. */
export interface AuditEntry {
  id: string;
  at: string;
  actor: string;
  action: string;
  subject: string;
  detail: unknown;
  address?: string | null;
  userAgent?: string | null;
}
