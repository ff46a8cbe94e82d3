//! Invitations to an organisation.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_meta::{Actor, Invitation, Invited, Principal, Role};
use weir_model::Timestamp;

use super::roles::{Names, ProjectRole, demand_owner_rights, project_roles};
use crate::app::{
    App, AppError, ErrorCode, post, projects::TenantView, sessions::unknown_link, words,
};

/// The most open invitations of an organisation.
const INVITATIONS: usize = 1_000;

/// An invitation to be sent.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InvitationInput {
    /// The e-mail address of the person to invite.
    #[schema(example = "ada@example.com")]
    pub email: String,
    /// The person's name.
    pub name: Option<String>,
    /// The role in the whole organisation: owner, admin, builder, analyst or viewer.
    #[schema(example = "viewer")]
    pub role: Option<String>,
    /// Additional roles in single projects.
    #[serde(default)]
    pub projects: Vec<ProjectRole>,
}

/// The open invitations of an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invitations {
    /// The newest first.
    pub invitations: Vec<InvitationView>,
}

/// An invitation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationView {
    /// Its id, a UUID.
    #[schema(format = "uuid")]
    pub id: String,
    /// The e-mail address of the invited person.
    pub email: String,
    /// The person's name.
    pub name: Option<String>,
    /// The role in the whole organisation.
    pub role: Option<&'static str>,
    /// The roles in single projects.
    pub projects: Vec<ProjectRole>,
    /// Who sent the invitation.
    pub invited_by: String,
    /// When it was sent.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Timestamp,
    /// When it expires.
    #[schema(value_type = String, format = "date-time")]
    pub expires_at: Timestamp,
    /// The link to accept it. It is in the mail, and in the answer to the request that creates the
    /// invitation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// An invitation as the invited person sees it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationShown {
    /// The organisation.
    pub tenant: TenantView,
    /// The e-mail address of the invited person.
    pub email: String,
    /// The person's name, if the invitation states it.
    pub name: Option<String>,
    /// Who sent the invitation.
    pub invited_by: String,
    /// Whether the person already has an account and logs in with its password; otherwise they choose a
    /// password.
    pub known_person: bool,
}

impl App {
    /// The open invitations of the organisation. Fails if control data cannot be read.
    pub async fn invitations(&self, principal: &Principal) -> Result<Invitations, AppError> {
        let names = self.project_names(principal).await?;
        let open = self.meta.door(principal).invitations().await?;
        let view = |invitation| invitation_view(invitation, &names, None);
        Ok(Invitations {
            invitations: open.into_iter().map(view).collect(),
        })
    }

    /// Creates an invitation and sends the link by mail. Fails if an input is invalid, the address is a
    /// member's, the organisation has too many open invitations, or the caller must not add an owner.
    pub async fn invite(
        &self,
        principal: &Principal,
        actor: &Actor,
        input: &InvitationInput,
    ) -> Result<InvitationView, AppError> {
        let email = words::email(&input.email)?;
        let name = input.name.as_deref().map(|name| words::name("name", name));
        let roles = self
            .roles(principal, input.role.as_deref(), &input.projects)
            .await?;
        demand_owner_rights(principal, None, roles.tenant)?;
        let door = self.meta.door(principal);
        if door.invitations().await?.len() >= INVITATIONS {
            let detail = format!("An organisation has at most {INVITATIONS} open invitations.");
            return Err(AppError::new(ErrorCode::InvalidParameter, detail).field("email"));
        }
        let invited = Invited {
            email: &email,
            name: name.transpose()?,
            roles: &roles,
        };
        let made = door.invite(&invited, actor).await?;
        let (invitation, token) = made.ok_or_else(|| {
            let detail = "A member of the organisation already has this address.";
            AppError::new(ErrorCode::AlreadyMember, detail)
                .field("email")
                .fix("Change their roles instead.")
        })?;
        let tenant = door.tenant().await?;
        let link = self.post.link("invitation", &token);
        let mail = post::invitation(&email, &tenant.name, &invitation.invited_by, &link);
        self.post.send(mail);
        let names = self.project_names(principal).await?;
        Ok(invitation_view(invitation, &names, Some(link)))
    }

    /// Withdraws an invitation. Fails if it is unknown.
    pub async fn withdraw_invitation(
        &self,
        principal: &Principal,
        actor: &Actor,
        id: &str,
    ) -> Result<(), AppError> {
        let door = self.meta.door(principal);
        let withdrawn = match id.parse() {
            Ok(id) => door.withdraw_invitation(id, actor).await?,
            Err(_) => false,
        };
        match withdrawn {
            true => Ok(()),
            false => Err(AppError::new(
                ErrorCode::NotFound,
                "No open invitation of the organisation has this id.",
            )),
        }
    }

    /// Shows an invitation to the holder of its token. Fails if the token is unknown, used or expired.
    pub async fn show_invitation(&self, token: &str) -> Result<InvitationShown, AppError> {
        let seen = self.meta.see_invitation(token).await?;
        let seen = seen.ok_or_else(unknown_link)?;
        Ok(InvitationShown {
            tenant: seen.tenant.into(),
            email: seen.email,
            name: seen.name,
            invited_by: seen.invited_by,
            known_person: seen.known_person,
        })
    }
}

fn invitation_view(invitation: Invitation, names: &Names, link: Option<String>) -> InvitationView {
    InvitationView {
        id: invitation.id.to_string(),
        projects: project_roles(&invitation.roles, names),
        email: invitation.email,
        name: invitation.name,
        role: invitation.roles.tenant.map(Role::name),
        invited_by: invitation.invited_by,
        created_at: invitation.created_at,
        expires_at: invitation.expires_at,
        link,
    }
}
