//! The members of an organisation and their roles.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use weir_meta::{Actor, Member, Principal, Role, RoleChange};
use weir_model::Timestamp;

use super::roles::{Names, ProjectRole, demand_owner_rights, project_roles};
use crate::app::{App, AppError, ErrorCode};

/// The roles of a member. At least one.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RolesInput {
    /// The role in the whole organisation: owner, admin, builder, analyst or viewer.
    #[schema(example = "viewer")]
    pub role: Option<String>,
    /// Additional roles in single projects.
    #[serde(default)]
    pub projects: Vec<ProjectRole>,
}

/// The members of an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct People {
    /// In the order they joined.
    pub people: Vec<MemberView>,
}

/// A member of an organisation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MemberView {
    /// Its id, a UUID.
    #[schema(format = "uuid")]
    pub id: String,
    /// Their e-mail address.
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
    /// When they joined the organisation.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Timestamp,
}

impl App {
    /// The members of the principal's organisation. Fails if control data cannot be read.
    pub async fn people(&self, principal: &Principal) -> Result<People, AppError> {
        let names = self.project_names(principal).await?;
        let people = self.meta.door(principal).people().await?;
        let view = |member| member_view(member, &names);
        Ok(People {
            people: people.into_iter().map(view).collect(),
        })
    }

    /// Replaces a member's roles. Fails if the member, a role or a project is unknown, if no owner would be
    /// left, or if the caller must not change an owner.
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
        demand_owner_rights(principal, member.roles.tenant, roles.tenant)?;
        let door = self.meta.door(principal);
        settled(door.set_roles(member.person.id, &roles, actor).await?)?;
        let member = self.member(principal, id).await?;
        Ok(member_view(member, &self.project_names(principal).await?))
    }

    /// Removes a member from the organisation. Fails if the member is unknown, if no owner would be left, or
    /// if the caller must not remove an owner.
    pub async fn remove_person(
        &self,
        principal: &Principal,
        actor: &Actor,
        id: &str,
    ) -> Result<(), AppError> {
        let member = self.member(principal, id).await?;
        demand_owner_rights(principal, member.roles.tenant, None)?;
        let door = self.meta.door(principal);
        settled(door.remove_person(member.person.id, actor).await?)
    }

    async fn member(&self, principal: &Principal, id: &str) -> Result<Member, AppError> {
        let people = self.meta.door(principal).people().await?;
        let id: Option<Uuid> = id.parse().ok();
        let found = people
            .into_iter()
            .find(|member| Some(member.person.id) == id);
        found.ok_or_else(|| {
            let detail = "No member of the organisation has this id.";
            AppError::new(ErrorCode::UnknownPerson, detail).fix("GET /api/v1/people lists them.")
        })
    }
}

fn settled(change: RoleChange) -> Result<(), AppError> {
    match change {
        RoleChange::Done => Ok(()),
        RoleChange::Unknown => Err(AppError::new(
            ErrorCode::UnknownPerson,
            "No member of the organisation has this id.",
        )),
        RoleChange::LastOwner => Err(AppError::new(
            ErrorCode::LastOwner,
            "The organisation would be left without an owner.",
        )
        .fix("Make another member an owner first.")),
    }
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
