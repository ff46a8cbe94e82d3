//! `docs/SECURITY.md` contains the table of roles and permissions that the code declares.

use std::{env, fmt::Write, fs, path::Path};

use weir_meta::{KeyScope, Level, Permission, Role};

const BEGIN: &str = "<!-- roles: written by `make docs` -->\n";
const END: &str = "<!-- end of roles -->";

#[test]
fn the_document_contains_the_declared_roles_and_permissions() {
    let path = Path::new("../../docs/SECURITY.md");
    let document = fs::read_to_string(path).expect("the document can be read");
    let (before, rest) = document.split_once(BEGIN).expect("the table begins");
    let (shown, after) = rest.split_once(END).expect("the table ends");
    let declared = table();
    if env::var_os("UPDATE_DOCS").is_some() {
        let text = format!("{before}{BEGIN}{declared}{END}{after}");
        fs::write(path, text).expect("the document can be written");
    } else {
        assert_eq!(
            shown, declared,
            "docs/SECURITY.md is out of date: run `make docs`"
        );
    }
}

fn table() -> String {
    let roles: Vec<_> = Role::ALL.into_iter().map(Role::name).collect();
    let mut text = format!(
        "| permission | {} | API key | what it allows |\n",
        roles.join(" | ")
    );
    writeln!(text, "|---|{}---|---|", "---|".repeat(roles.len()))
        .expect("writing to a String cannot fail");
    for permission in Permission::ALL {
        let has = |role| match permission.roles().contains(&role) {
            true => " yes |",
            false => " |",
        };
        let marks: String = Role::ALL.into_iter().map(has).collect();
        let level = match permission.level() {
            Level::Tenant => " (organisation)",
            Level::Project => "",
        };
        let key = permission.key_scope().map_or("", KeyScope::name);
        let what = permission.description();
        writeln!(
            text,
            "| `{}`{level} |{marks} {key} | {what} |",
            permission.name()
        )
        .expect("writing to a String cannot fail");
    }
    text
}
