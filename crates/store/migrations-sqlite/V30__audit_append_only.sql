-- The audit log is append-only for whoever speaks SQL, too: a slip, or somebody
-- who got hold of a connection. Whoever may change the schema can take these
-- away; for them there are the chains.

-- Rows from before there were chains are put into them once, before the audit
-- key is kept, and nothing else of them changes.
CREATE TRIGGER audit_events_update BEFORE UPDATE ON audit_events
WHEN OLD.sequence IS NOT NULL OR NEW.sequence IS NULL
  OR NEW.audit_event_id <> OLD.audit_event_id OR NEW.project_id <> OLD.project_id
  OR NEW.organization_id IS NOT OLD.organization_id OR NEW.member_id IS NOT OLD.member_id
  OR NEW.action <> OLD.action OR NEW.actor <> OLD.actor OR NEW.at <> OLD.at OR NEW.details <> OLD.details
  OR EXISTS (SELECT 1 FROM audit_keys)
BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END;

CREATE TRIGGER audit_events_delete BEFORE DELETE ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END;

-- INSERT OR REPLACE deletes without asking the trigger above.
CREATE TRIGGER audit_events_replace BEFORE INSERT ON audit_events
WHEN EXISTS (SELECT 1 FROM audit_events WHERE audit_event_id = NEW.audit_event_id)
BEGIN SELECT RAISE(IGNORE); END;

-- Chains grow.
CREATE TRIGGER audit_chains_update BEFORE UPDATE ON audit_chains
WHEN NEW.project_id <> OLD.project_id OR NEW.organization_id <> OLD.organization_id
  OR NEW.length < OLD.length OR NEW.signed_length < OLD.signed_length
BEGIN SELECT RAISE(ABORT, 'audit_chains only grow'); END;

CREATE TRIGGER audit_chains_delete BEFORE DELETE ON audit_chains
BEGIN SELECT RAISE(ABORT, 'audit_chains only grow'); END;

-- Of signed documents only that is deleted which a later one bridges.
CREATE TRIGGER audit_heads_update BEFORE UPDATE ON audit_heads
WHEN NEW.number <> OLD.number OR NEW.signed_at <> OLD.signed_at OR NEW.document <> OLD.document
  OR NEW.key_version <> OLD.key_version OR NEW.signature <> OLD.signature
BEGIN SELECT RAISE(ABORT, 'audit_heads is append-only'); END;

CREATE TRIGGER audit_heads_delete BEFORE DELETE ON audit_heads
WHEN NOT EXISTS (SELECT 1 FROM audit_heads WHERE number > OLD.number AND bridged_from < OLD.number)
BEGIN SELECT RAISE(ABORT, 'audit_heads is append-only'); END;

CREATE TRIGGER audit_heads_replace BEFORE INSERT ON audit_heads
WHEN EXISTS (SELECT 1 FROM audit_heads WHERE number = NEW.number)
BEGIN SELECT RAISE(IGNORE); END;

-- A key is put under another server key, and that is all.
CREATE TRIGGER audit_keys_update BEFORE UPDATE ON audit_keys
WHEN NEW.version <> OLD.version OR NEW.created_at <> OLD.created_at
BEGIN SELECT RAISE(ABORT, 'audit_keys is append-only'); END;

CREATE TRIGGER audit_keys_delete BEFORE DELETE ON audit_keys
BEGIN SELECT RAISE(ABORT, 'audit_keys is append-only'); END;

CREATE TRIGGER audit_keys_replace BEFORE INSERT ON audit_keys
WHEN EXISTS (SELECT 1 FROM audit_keys WHERE version = NEW.version)
BEGIN SELECT RAISE(IGNORE); END;
