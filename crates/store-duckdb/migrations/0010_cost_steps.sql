-- The step of the execution that caused a cost; null if its producer did not say.
ALTER TABLE costs ADD COLUMN step VARCHAR;
