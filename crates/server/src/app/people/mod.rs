//! The members of an organisation, their roles, and invitations.

mod invitations;
mod members;
mod roles;

pub use invitations::{InvitationInput, InvitationShown, InvitationView, Invitations};
pub use members::{MemberView, People, RolesInput};
pub use roles::ProjectRole;
