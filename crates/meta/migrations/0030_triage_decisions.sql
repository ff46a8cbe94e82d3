-- Who decided about an error group, and when: assigning it to someone is a change, but no decision.
ALTER TABLE error_triage ADD COLUMN decided_by TEXT;
ALTER TABLE error_triage ADD COLUMN decided_at INTEGER;
UPDATE error_triage SET decided_by = author, decided_at = coalesce(resolved_at, updated_at) WHERE state <> 'open';
