-- Where the signed documents before one were thinned out: the number of the
-- document that is before it now, and what the server signed to say so.
ALTER TABLE audit_heads ADD COLUMN bridged_from BIGINT;
ALTER TABLE audit_heads ADD COLUMN bridge TEXT;
CREATE INDEX audit_heads_bridged ON audit_heads (number) WHERE bridged_from IS NOT NULL;

-- Which document is the newest of a chain: it is kept.
CREATE INDEX audit_chains_signed_in ON audit_chains (signed_in);
