-- The audit log is append-only for whoever speaks SQL, too: a slip, or somebody
-- who got hold of a connection. Whoever may change the schema can take these
-- away; for them there are the chains.

CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;

-- Rows from before there were chains are put into them once, before the audit
-- key is kept, and nothing else of them changes.
CREATE OR REPLACE FUNCTION audit_events_may_be_chained() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.sequence IS NOT NULL OR NEW.sequence IS NULL
       OR (NEW.audit_event_id, NEW.project_id, NEW.action, NEW.actor, NEW.at, NEW.details)
          <> (OLD.audit_event_id, OLD.project_id, OLD.action, OLD.actor, OLD.at, OLD.details)
       OR NEW.organization_id IS DISTINCT FROM OLD.organization_id
       OR NEW.member_id IS DISTINCT FROM OLD.member_id
       OR EXISTS (SELECT 1 FROM audit_keys)
    THEN RAISE EXCEPTION 'audit_events is append-only'; END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER audit_events_update BEFORE UPDATE ON audit_events
FOR EACH ROW EXECUTE FUNCTION audit_events_may_be_chained();

CREATE TRIGGER audit_events_delete BEFORE DELETE ON audit_events
FOR EACH ROW EXECUTE FUNCTION audit_refuse();

CREATE TRIGGER audit_events_truncate BEFORE TRUNCATE ON audit_events
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

-- Chains grow.
CREATE TRIGGER audit_chains_update BEFORE UPDATE ON audit_chains
FOR EACH ROW WHEN (NEW.project_id <> OLD.project_id OR NEW.organization_id <> OLD.organization_id
                OR NEW.length < OLD.length OR NEW.signed_length < OLD.signed_length)
EXECUTE FUNCTION audit_refuse();

CREATE TRIGGER audit_chains_delete BEFORE DELETE ON audit_chains
FOR EACH ROW EXECUTE FUNCTION audit_refuse();

CREATE TRIGGER audit_chains_truncate BEFORE TRUNCATE ON audit_chains
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

-- Of signed documents only that is deleted which a later one bridges.
CREATE OR REPLACE FUNCTION audit_heads_may_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM audit_heads WHERE number > OLD.number AND bridged_from < OLD.number)
    THEN RAISE EXCEPTION 'audit_heads is append-only'; END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER audit_heads_update BEFORE UPDATE ON audit_heads
FOR EACH ROW WHEN (NEW.number <> OLD.number OR NEW.signed_at <> OLD.signed_at OR NEW.document <> OLD.document
                OR NEW.key_version <> OLD.key_version OR NEW.signature <> OLD.signature)
EXECUTE FUNCTION audit_refuse();

CREATE TRIGGER audit_heads_delete BEFORE DELETE ON audit_heads
FOR EACH ROW EXECUTE FUNCTION audit_heads_may_go();

CREATE TRIGGER audit_heads_truncate BEFORE TRUNCATE ON audit_heads
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();

-- A key is put under another server key, and that is all.
CREATE TRIGGER audit_keys_update BEFORE UPDATE ON audit_keys
FOR EACH ROW WHEN (NEW.version <> OLD.version OR NEW.created_at <> OLD.created_at)
EXECUTE FUNCTION audit_refuse();

CREATE TRIGGER audit_keys_delete BEFORE DELETE ON audit_keys
FOR EACH ROW EXECUTE FUNCTION audit_refuse();

CREATE TRIGGER audit_keys_truncate BEFORE TRUNCATE ON audit_keys
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
