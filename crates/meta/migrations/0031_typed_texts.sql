-- Whether the author saw pseudonyms. Their texts stay as they typed them and are shown so: replacing ids in them by
-- pseudonyms would tell them which ids exist.
ALTER TABLE annotations ADD COLUMN veiled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE saved_views ADD COLUMN veiled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE error_triage ADD COLUMN veiled INTEGER NOT NULL DEFAULT 0;
