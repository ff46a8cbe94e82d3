-- Where the error of an example happened, with the names of that time: messages repeat them.
ALTER TABLE error_group_examples ADD COLUMN step TEXT;
ALTER TABLE error_group_examples ADD COLUMN step_name TEXT;
ALTER TABLE error_group_examples ADD COLUMN step_type TEXT;
ALTER TABLE error_group_examples ADD COLUMN workflow TEXT;
ALTER TABLE error_group_examples ADD COLUMN workflow_name TEXT;
