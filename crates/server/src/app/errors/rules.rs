//! The rules of a project and their versions.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weir_analysis::{Fingerprinter, Rule, RuleError};
use weir_meta::{Actor, ErrorChange, ErrorRules, ErrorSettings, NewErrorRules};
use weir_model::{Scope, Timestamp};

use super::{Keying, Preview, Regrouped, keying::rules_of};
use crate::app::{App, AppError, ErrorCode, Reading, privacy::Viewer};

/// The rules in force, or a version of them.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ErrorRules)]
pub struct Rules {
    /// The version; 0 if there never were any.
    pub version: i64,
    /// The rules, in the order in which they are applied.
    pub rules: Vec<Rule>,
    /// Every version, newest first.
    pub versions: Vec<RuleVersion>,
}

/// A version of the rules.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ErrorRuleVersion)]
pub struct RuleVersion {
    /// 1 for the first.
    pub version: i64,
    /// How many rules it has.
    pub rules: usize,
    /// What the change was for.
    pub note: Option<String>,
    /// Who made it.
    pub author: Option<String>,
    /// When.
    #[schema(value_type = String, format = "date-time")]
    pub created_at: Timestamp,
}

/// Rules to be put into force, or to be tried.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ErrorRulesInput)]
pub struct RulesInput {
    /// All of them: rules that are not listed are gone.
    pub rules: Vec<Rule>,
    /// What the change is for.
    #[serde(default)]
    pub note: Option<String>,
    /// The version that was changed; refused if there is a newer one. Without it, whichever there is.
    #[serde(default)]
    pub version: Option<i64>,
}

impl App {
    /// Puts rules into force; history follows.
    pub async fn set_error_rules(
        &self,
        scope: Scope,
        actor: Actor,
        input: RulesInput,
    ) -> Result<Regrouped, AppError> {
        compiled(&input.rules)?;
        let turn = self.grouping.turn(scope).await?;
        let now = version_of(&turn.settings);
        let change = ErrorChange {
            action: "error_rules.changed",
            subject: "rules".to_owned(),
            rules: Some(NewErrorRules {
                after: input.version.unwrap_or(now),
                rules: serde_json::to_string(&input.rules).map_err(AppError::internal)?,
                note: input.note,
            }),
            write: Vec::new(),
            remove: Vec::new(),
        };
        let rekeyed = self.grouping.change(turn, change, actor).await?;
        Ok(Regrouped::of(None, rekeyed))
    }
}

impl Reading {
    /// The rules of a project: those in force, or those of a version.
    pub async fn error_rules(
        &self,
        viewer: Viewer,
        version: Option<i64>,
    ) -> Result<Rules, AppError> {
        let versions = self.control.error_rules(viewer.scope()).await?;
        let wanted = version.or_else(|| versions.first().map(|newest| newest.version));
        let found = versions.iter().find(|known| Some(known.version) == wanted);
        if found.is_none() && version.is_some_and(|version| version != 0) {
            let detail = "The rules have no such version.";
            return Err(AppError::new(ErrorCode::NotFound, detail).field("version"));
        }
        let mut rules = Rules {
            version: found.map_or(0, |found| found.version),
            rules: found.map(read).unwrap_or_default(),
            versions: versions.iter().map(RuleVersion::of).collect(),
        };
        let texts = rules.rules.iter_mut().flat_map(|rule| {
            let pattern = Some(&mut rule.pattern);
            [
                rule.note.as_mut(),
                pattern,
                rule.replace.as_mut(),
                rule.group.as_mut(),
            ]
        });
        let notes = rules
            .versions
            .iter_mut()
            .map(|version| version.note.as_mut());
        self.veil(viewer, texts.chain(notes).flatten().collect())
            .await?;
        Ok(rules)
    }

    /// What rules would change, without putting them into force.
    pub async fn try_error_rules(
        &self,
        viewer: Viewer,
        rules: &[Rule],
    ) -> Result<Preview, AppError> {
        let scope = viewer.scope();
        let fingerprinter = compiled(rules)?;
        let settings = self.control.error_settings(scope).await?;
        let proposed = Keying::new(fingerprinter, &settings.groups, settings.generation);
        let mut preview = self.grouping.preview(scope, &proposed).await?;
        let texts = preview.moves.iter_mut().flat_map(|moved| {
            let titles = [&mut moved.from_title, &mut moved.to_title];
            titles.into_iter().chain(moved.sample_message.as_mut())
        });
        self.veil(viewer, texts.collect()).await?;
        Ok(preview)
    }
}

impl RuleVersion {
    fn of(stored: &ErrorRules) -> Self {
        Self {
            version: stored.version,
            rules: read(stored).len(),
            note: stored.note.clone(),
            author: stored.author.clone(),
            created_at: stored.created_at,
        }
    }
}

fn read(stored: &ErrorRules) -> Vec<Rule> {
    rules_of(&ErrorSettings {
        rules: Some(stored.clone()),
        ..ErrorSettings::default()
    })
}

/// The version in force; 0 if there never were any rules.
pub(super) fn version_of(settings: &ErrorSettings) -> i64 {
    settings.rules.as_ref().map_or(0, |rules| rules.version)
}

pub(super) fn compiled(rules: &[Rule]) -> Result<Fingerprinter, AppError> {
    Fingerprinter::new(rules).map_err(
        |RuleError {
             index,
             field,
             detail,
         }| {
            let sentence = format!("This rule can not be used: {detail}.");
            AppError::new(ErrorCode::InvalidParameter, sentence)
                .field(format!("rules[{index}].{field}"))
        },
    )
}

/// Who somebody is, for those who read about a change later.
pub(super) fn author(actor: &Actor) -> String {
    match actor.name.strip_prefix("person:") {
        Some(email) => email.to_owned(),
        None => actor.name.replacen(':', " ", 1),
    }
}
