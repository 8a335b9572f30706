-- How often a source proves to be worth asking (seconds; 0 before its first answer), and where its list moved for good.

ALTER TABLE states ADD COLUMN "interval" INTEGER DEFAULT 0;
ALTER TABLE states ADD COLUMN moved_from VARCHAR;
ALTER TABLE states ADD COLUMN moved_to VARCHAR;
