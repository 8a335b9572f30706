-- What each report says was done and by whom: an event is made of its reports in the order of their publication.
ALTER TABLE evidence ADD COLUMN act VARCHAR DEFAULT '{}';
