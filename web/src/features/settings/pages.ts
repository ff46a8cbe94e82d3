/** Every page of the settings: loaded when the first of them is opened. */
export { AuditLog } from './audit/AuditLog';
export { IdentityProviderPage } from './IdentityProviderPage';
export { ApiKeys } from './keys/ApiKeys';
export { People } from './people/People';
export { Prices } from './Prices';
export { Privacy } from './Privacy';
export { Profile } from './profile/Profile';
export { Projects } from './Projects';
export { Redaction } from './Redaction';
