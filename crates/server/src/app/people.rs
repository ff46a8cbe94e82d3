//! The people of an organisation, their roles, and who is invited.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use weir_meta::{
    Actor, Invitation, Invited, Member, Permission, Principal, Role, RoleChange, Roles,
};
use weir_model::{ProjectKey, Timestamp};

use super::{
    App, AppError, ErrorCode, access, post, projects::TenantView, sessions::unknown_link, words,
};

/// Open invitations of an organisation at most.
const INVITATIONS: usize = 1_000;

/// A role in one project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProjectRole {
    /// UUID of the project.
    #[schema(format = "uuid")]
    pub project_id: String,
    /// owner, admin, builder, analyst or viewer.
    #[schema(example = "builder")]
    pub role: String,
}

/// The roles of a person. At least one.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RolesInput {
    /// In the whole organisation: owner, admin, builder, analyst or viewer.
    #[schema(example = "viewer")]
    pub role: Option<String>,
    /// In single projects, beside it.
    #[serde(default)]
    pub projects: Vec<ProjectRole>,
}

/// The people of an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct People {
    /// In the order they came.
    pub people: Vec<MemberView>,
}

/// A person of an organisation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MemberView {
    /// UUID.
    #[schema(format = "uuid")]
    pub id: String,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// Their role in the whole organisation.
    pub role: Option<&'static str>,
    /// Their roles in single projects.
    pub projects: Vec<ProjectRole>,
    /// Whether they have a second factor.
    pub second_factor: bool,
    /// When they were last seen in the organisation, to the minute.
    #[schema(value_type = Option<String>, format = "date-time")]
    pub last_seen_at: Option<Timestamp>,
    /// When they came to it.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Timestamp,
}

/// Who is to be invited.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InvitationInput {
    /// Their address.
    #[schema(example = "ada@example.com")]
    pub email: String,
    /// What they are called.
    pub name: Option<String>,
    /// In the whole organisation: owner, admin, builder, analyst or viewer.
    #[schema(example = "viewer")]
    pub role: Option<String>,
    /// In single projects, beside it.
    #[serde(default)]
    pub projects: Vec<ProjectRole>,
}

/// Who is invited.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invitations {
    /// The newest first.
    pub invitations: Vec<InvitationView>,
}

/// An invitation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationView {
    /// UUID.
    #[schema(format = "uuid")]
    pub id: String,
    /// Who is invited.
    pub email: String,
    /// What they are called.
    pub name: Option<String>,
    /// Their role in the whole organisation.
    pub role: Option<&'static str>,
    /// Their roles in single projects.
    pub projects: Vec<ProjectRole>,
    /// Who invited them.
    pub invited_by: String,
    /// When.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Timestamp,
    /// Until when it is good.
    #[schema(value_type = String, format = "date-time")]
    pub expires_at: Timestamp,
    /// The address that lets them in. It is told once, to whoever invites, and mailed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// An invitation as its holder sees it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationShown {
    /// Where to.
    pub tenant: TenantView,
    /// Who is invited.
    pub email: String,
    /// What they are called, if whoever invited them said so.
    pub name: Option<String>,
    /// Who invited them.
    pub invited_by: String,
    /// Whether they come in with the password of their account, or choose one.
    pub known_person: bool,
}

/// The projects that a principal sees, by both of their names.
struct Names {
    ids: HashMap<ProjectKey, Uuid>,
    keys: HashMap<Uuid, ProjectKey>,
}

impl App {
    /// The people of the principal's organisation.
    pub async fn people(&self, principal: &Principal) -> Result<People, AppError> {
        let names = self.project_names(principal).await?;
        let people = self.meta.door(principal).people().await?;
        let view = |member| member_view(member, &names);
        Ok(People {
            people: people.into_iter().map(view).collect(),
        })
    }

    /// Gives a person roles in place of those that they had.
    pub async fn set_roles(
        &self,
        principal: &Principal,
        actor: &Actor,
        id: &str,
        input: &RolesInput,
    ) -> Result<MemberView, AppError> {
        let member = self.member(principal, id).await?;
        let roles = self
            .roles(principal, input.role.as_deref(), &input.projects)
            .await?;
        about_owner(principal, member.roles.tenant, roles.tenant)?;
        let door = self.meta.door(principal);
        settled(door.set_roles(member.person.id, &roles, actor).await?)?;
        let member = self.member(principal, id).await?;
        Ok(member_view(member, &self.project_names(principal).await?))
    }

    /// Takes a person out of the organisation.
    pub async fn remove_person(
        &self,
        principal: &Principal,
        actor: &Actor,
        id: &str,
    ) -> Result<(), AppError> {
        let member = self.member(principal, id).await?;
        about_owner(principal, member.roles.tenant, None)?;
        let door = self.meta.door(principal);
        settled(door.remove_person(member.person.id, actor).await?)
    }

    /// The open invitations of the organisation.
    pub async fn invitations(&self, principal: &Principal) -> Result<Invitations, AppError> {
        let names = self.project_names(principal).await?;
        let open = self.meta.door(principal).invitations().await?;
        let view = |invitation| invitation_view(invitation, &names, None);
        Ok(Invitations {
            invitations: open.into_iter().map(view).collect(),
        })
    }

    /// Invites somebody and sends them the link.
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
        about_owner(principal, None, roles.tenant)?;
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
            let detail = "Somebody of the organisation has this address.";
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

    /// Takes an invitation back.
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

    /// Shows an invitation to its holder.
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

    async fn member(&self, principal: &Principal, id: &str) -> Result<Member, AppError> {
        let people = self.meta.door(principal).people().await?;
        let id: Option<Uuid> = id.parse().ok();
        let found = people
            .into_iter()
            .find(|member| Some(member.person.id) == id);
        found.ok_or_else(|| {
            let detail = "Nobody of the organisation has this id.";
            AppError::new(ErrorCode::UnknownPerson, detail).fix("GET /api/v1/people lists them.")
        })
    }

    async fn project_names(&self, principal: &Principal) -> Result<Names, AppError> {
        let projects = self.meta.door(principal).projects().await?;
        let ids = projects
            .iter()
            .map(|project| (project.scope.project, project.id));
        let keys = projects
            .iter()
            .map(|project| (project.id, project.scope.project));
        Ok(Names {
            ids: ids.collect(),
            keys: keys.collect(),
        })
    }

    /// Roles from their names.
    async fn roles(
        &self,
        principal: &Principal,
        tenant: Option<&str>,
        projects: &[ProjectRole],
    ) -> Result<Roles, AppError> {
        let tenant = tenant.map(|name| role("role", name)).transpose()?;
        if tenant.is_none() && projects.is_empty() {
            let detail = "Somebody without any role belongs to nothing.";
            return Err(AppError::new(ErrorCode::InvalidParameter, detail)
                .field("role")
                .fix("Give a role, or remove the person."));
        }
        let names = self.project_names(principal).await?;
        let mut given = BTreeMap::new();
        for (number, wanted) in projects.iter().enumerate() {
            let id: Option<Uuid> = wanted.project_id.parse().ok();
            let known = id.and_then(|id| names.keys.get(&id).copied());
            let project = known.ok_or_else(|| {
                AppError::new(
                    ErrorCode::UnknownProject,
                    "No project of yours has this id.",
                )
                .field(format!("projects[{number}].projectId"))
            })?;
            let role = role(&format!("projects[{number}].role"), &wanted.role)?;
            if given.insert(project, role).is_some() {
                let detail = "A person has at most one role in a project.";
                return Err(AppError::new(ErrorCode::InvalidParameter, detail)
                    .field(format!("projects[{number}].projectId")));
            }
        }
        Ok(Roles {
            tenant,
            projects: given,
        })
    }
}

/// Only those who may do everything make and unmake owners.
fn about_owner(
    principal: &Principal,
    before: Option<Role>,
    after: Option<Role>,
) -> Result<(), AppError> {
    if before == after || ![before, after].contains(&Some(Role::Owner)) {
        return Ok(());
    }
    access::demand_everywhere(principal, Permission::ManageTenant)
}

fn settled(change: RoleChange) -> Result<(), AppError> {
    match change {
        RoleChange::Done => Ok(()),
        RoleChange::Unknown => Err(AppError::new(
            ErrorCode::UnknownPerson,
            "Nobody of the organisation has this id.",
        )),
        RoleChange::LastOwner => Err(AppError::new(
            ErrorCode::LastOwner,
            "The organisation would be left without an owner.",
        )
        .fix("Make somebody else an owner first.")),
    }
}

fn role(field: &str, name: &str) -> Result<Role, AppError> {
    Role::parse(name).ok_or_else(|| {
        let names: Vec<_> = Role::ALL.into_iter().map(Role::name).collect();
        AppError::new(
            ErrorCode::InvalidParameter,
            format!("There is no role {name:?}."),
        )
        .field(field)
        .fix(format!("One of: {}.", names.join(", ")))
    })
}

fn project_roles(roles: &Roles, names: &Names) -> Vec<ProjectRole> {
    let of = |(project, role): (&ProjectKey, &Role)| {
        Some(ProjectRole {
            project_id: names.ids.get(project)?.to_string(),
            role: role.name().to_owned(),
        })
    };
    roles.projects.iter().filter_map(of).collect()
}

fn member_view(member: Member, names: &Names) -> MemberView {
    MemberView {
        id: member.person.id.to_string(),
        projects: project_roles(&member.roles, names),
        email: member.person.email,
        name: member.person.name,
        role: member.roles.tenant.map(Role::name),
        second_factor: member.second_factor,
        last_seen_at: member.last_seen_at,
        created_at: member.created_at,
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
