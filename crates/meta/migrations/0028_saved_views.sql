-- Pages with their filters that people saved. A view with an owner is private; one without belongs to the project. The
-- content is JSON: the page and its parameters, decoded, so that texts in it can be found.
CREATE TABLE saved_views (
    key         INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id          TEXT    NOT NULL UNIQUE,
    project_key INTEGER NOT NULL REFERENCES projects (key) ON DELETE CASCADE,
    owner       INTEGER REFERENCES people (key) ON DELETE CASCADE,
    name        TEXT    NOT NULL,
    content     TEXT    NOT NULL,
    author      TEXT    NOT NULL,
    revision    INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX saved_views_by_name ON saved_views (project_key, ifnull(owner, 0), name);

-- How a person likes the application, in any browser: JSON.
CREATE TABLE preferences (
    person_key INTEGER PRIMARY KEY NOT NULL REFERENCES people (key) ON DELETE CASCADE,
    content    TEXT    NOT NULL,
    revision   INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- What the operator tells everyone who uses the application. Times are epoch milliseconds.
CREATE TABLE announcements (
    key       INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    id        TEXT    NOT NULL UNIQUE,
    text      TEXT    NOT NULL,
    level     TEXT    NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at   INTEGER
) STRICT;
