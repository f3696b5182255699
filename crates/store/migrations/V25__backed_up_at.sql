-- When `vestibule backup` last wrote a whole backup of this database, for the
-- doctor. 0: never.
ALTER TABLE installation ADD COLUMN backed_up_at BIGINT NOT NULL DEFAULT 0;
