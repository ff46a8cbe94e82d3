//! How an execution breaks a rule, in words.

use super::super::{ProcessRule, rules::ProcessRuleKind, steps::StepNames};

/// A sentence about an execution that breaks a rule; `measured` is what the store measured.
pub(super) fn sentence(rule: &ProcessRule, measured: Option<i64>, names: &StepNames) -> String {
    let step = names.shown(&rule.step);
    let other = names.shown(rule.other.as_deref().unwrap_or_default());
    match (rule.kind, measured) {
        (ProcessRuleKind::NeverBefore, _) => format!("{step} ran before {other}."),
        (ProcessRuleKind::FollowedBy, _) => format!("{other} did not follow {step}."),
        (ProcessRuleKind::FollowedWithin, Some(late))
            if late > rule.within_ms.unwrap_or_default() =>
        {
            format!("{other} followed {step} only after {}.", length(late))
        }
        (ProcessRuleKind::FollowedWithin, _) => format!("{other} did not follow every {step}."),
        (ProcessRuleKind::PrecededBy, _) => format!("{step} ran without {other} before it."),
        (ProcessRuleKind::NeverTogether, _) => format!("{step} and {other} both ran."),
        (ProcessRuleKind::ExactlyOnce, Some(0) | None) => format!("{step} did not run."),
        (ProcessRuleKind::AtMost | ProcessRuleKind::ExactlyOnce, Some(times)) => {
            format!("{step} ran {times} times.")
        }
        (ProcessRuleKind::AtMost, None) => format!("{step} ran too often."),
        (ProcessRuleKind::StartsWith | ProcessRuleKind::EndsWith, None) => {
            format!("{step} did not run.")
        }
        (ProcessRuleKind::StartsWith, Some(position)) => {
            format!("{step} first ran as step {position}.")
        }
        (ProcessRuleKind::EndsWith, Some(_)) => format!("Other steps followed the last {step}."),
        (ProcessRuleKind::Never, _) => format!("{step} ran."),
    }
}

/// A length of time in its two largest units, such as `2 d 3 h`.
fn length(milliseconds: i64) -> String {
    const UNITS: [(i64, &str); 5] = [
        (86_400_000, "d"),
        (3_600_000, "h"),
        (60_000, "min"),
        (1_000, "s"),
        (1, "ms"),
    ];
    let first = UNITS
        .iter()
        .position(|&(unit, _)| milliseconds >= unit)
        .unwrap_or(UNITS.len() - 1);
    let mut rest = milliseconds;
    let parts = UNITS[first..].iter().take(2).filter_map(|&(unit, name)| {
        let count = rest / unit;
        rest %= unit;
        (count > 0 || milliseconds == 0).then(|| format!("{count} {name}"))
    });
    parts.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(kind: ProcessRuleKind) -> ProcessRule {
        ProcessRule {
            id: "r".to_owned(),
            kind,
            step: "pay".to_owned(),
            other: Some("ship".to_owned()),
            within_ms: Some(1_000),
            times: Some(1),
        }
    }

    #[test]
    fn a_violation_says_what_happened() {
        let of = |kind, measured| sentence(&rule(kind), measured, &StepNames::default());
        assert_eq!(of(ProcessRuleKind::AtMost, Some(3)), "pay ran 3 times.");
        assert_eq!(
            of(ProcessRuleKind::ExactlyOnce, Some(0)),
            "pay did not run."
        );
        assert_eq!(
            of(ProcessRuleKind::ExactlyOnce, Some(2)),
            "pay ran 2 times."
        );
        assert_eq!(
            of(ProcessRuleKind::FollowedWithin, Some(90_000)),
            "ship followed pay only after 1 min 30 s."
        );
        assert_eq!(
            of(ProcessRuleKind::FollowedWithin, Some(900)),
            "ship did not follow every pay."
        );
        assert_eq!(
            of(ProcessRuleKind::StartsWith, Some(4)),
            "pay first ran as step 4."
        );
        assert_eq!(of(ProcessRuleKind::EndsWith, None), "pay did not run.");
    }

    #[test]
    fn a_length_of_time_has_two_units() {
        for (milliseconds, text) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (61_000, "1 min 1 s"),
            (3_600_000, "1 h"),
            (2 * 86_400_000 + 3_600_000 + 5, "2 d 1 h"),
        ] {
            assert_eq!(length(milliseconds), text);
        }
    }
}
