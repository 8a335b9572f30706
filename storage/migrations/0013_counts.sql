-- How often each word of a sketch stands: what is published earlier and comes home later changes what the words weigh.
ALTER TABLE sketches ADD COLUMN counts BLOB DEFAULT ''::BLOB;
