//! What people do in the product: sessions of a few actions each.

use serde_json::{Map, Value};

use crate::MINUTE_MS;
use crate::event::{Timed, rfc3339, set};
use crate::rng::Rng;
use crate::workflows::Workflow;

/// The people of the company.
pub(crate) const PEOPLE: [&str; 48] = [
    "maria.jansen",
    "tom.becker",
    "aisha.khan",
    "li.wei",
    "sofia.rossi",
    "james.oconnor",
    "priya.nair",
    "lucas.martin",
    "emma.svensson",
    "noah.williams",
    "fatima.alami",
    "jan.kowalski",
    "chloe.dubois",
    "mateo.garcia",
    "hana.sato",
    "oliver.smith",
    "ines.costa",
    "david.cohen",
    "anna.novak",
    "ravi.patel",
    "julia.weber",
    "samuel.okafor",
    "katarina.horvat",
    "peter.nagy",
    "laura.bianchi",
    "marcus.johnson",
    "yuki.tanaka",
    "elena.popescu",
    "ben.de.vries",
    "grace.mensah",
    "viktor.petrov",
    "nora.hansen",
    "carlos.mendez",
    "sara.lindqvist",
    "ahmed.hassan",
    "mia.schneider",
    "daniel.kim",
    "olga.ivanova",
    "pedro.silva",
    "zoe.papadopoulos",
    "liam.murphy",
    "mei.chen",
    "jonas.keller",
    "amelie.laurent",
    "tariq.aziz",
    "ida.nielsen",
    "george.brown",
    "lena.fischer",
];

/// The actions in sessions; frequent ones are listed more than once.
const ACTIONS: [&str; 12] = [
    "dashboard.view",
    "dashboard.view",
    "execution.view",
    "execution.view",
    "execution.view",
    "workflow.open",
    "workflow.open",
    "workflow.edit",
    "workflow.edit",
    "execution.retry",
    "workflow.publish",
    "report.export",
];

/// Simulates a session that begins at `start` (epoch milliseconds): log in, a few actions on
/// workflows, log out.
pub(crate) fn session(workflows: &[Workflow], mut rng: Rng, start: i64, events: &mut Vec<Timed>) {
    // The first people on the list use the product all day, the last ones only occasionally.
    let rank = (rng.unit().powi(2) * PEOPLE.len() as f64) as usize;
    let user = PEOPLE[rank.min(PEOPLE.len() - 1)];
    let session = format!("ses-{:016x}", rng.next());
    let count = 2 + rng.below(9);
    let mut at = start;
    for index in 0..=count {
        let stay = rng.lognormal(45_000.0, 0.7).min(3.0 * MINUTE_MS as f64) as i64;
        let mut fields = Map::new();
        set(&mut fields, "type", "activity");
        set(&mut fields, "id", format!("{session}/{index}"));
        set(&mut fields, "timestamp", rfc3339(at));
        set(&mut fields, "environment", "production");
        set(&mut fields, "userId", user);
        set(&mut fields, "sessionId", session.clone());
        let action = match index {
            0 => "session.login",
            last if last == count => "session.logout",
            _ => *rng.pick(&ACTIONS),
        };
        set(&mut fields, "action", action);
        if let Some((resource, _)) = action
            .split_once('.')
            .filter(|(resource, _)| *resource != "session")
        {
            set(&mut fields, "resource", resource);
            set(&mut fields, "duration", stay);
        }
        if action.starts_with("workflow") || action.starts_with("execution") {
            let workflow = rng.pick(workflows);
            set(&mut fields, "workflowId", workflow.id.clone());
            set(&mut fields, "workflowName", workflow.name.clone());
            set(&mut fields, "resourceId", workflow.id.clone());
        }
        events.push((at, Value::Object(fields)));
        at += stay;
    }
}
