-- A step that an engine copied from an execution into its retry: it is the original's and counts nowhere.
ALTER TABLE steps ADD COLUMN copied BOOLEAN;
