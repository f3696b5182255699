-- The audit log, chained: every event hashes what stands in it and the hash of
-- the event before it in its organization's chain, or in the project's own.
-- Null in rows from before; the server chains them when it opens the database.
ALTER TABLE audit_events ADD COLUMN sequence BIGINT;
ALTER TABLE audit_events ADD COLUMN hash TEXT;
ALTER TABLE audit_events ADD COLUMN mac TEXT;

-- Not unique: where somebody sets a chain back, its organization goes on
-- logging in, and the second row of a number is evidence.
CREATE INDEX audit_events_chain ON audit_events (project_id, organization_id, sequence);
CREATE INDEX audit_events_unchained ON audit_events (project_id, organization_id, at, audit_event_id)
    WHERE sequence IS NULL;

-- What is asked for, in the order it is answered in.
DROP INDEX audit_events_organization;
CREATE INDEX audit_events_organization ON audit_events (project_id, organization_id, at, audit_event_id);
CREATE INDEX audit_events_project ON audit_events (project_id, at, audit_event_id);
CREATE INDEX audit_events_member ON audit_events (project_id, member_id, at, audit_event_id);
CREATE INDEX audit_events_action ON audit_events (project_id, action, at, audit_event_id);

-- How far each chain goes. The organization is empty for the project's own.
CREATE TABLE audit_chains (
    project_id      TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    length          BIGINT NOT NULL,
    head            TEXT NOT NULL,
    mac             TEXT NOT NULL,
    -- Since a head was signed.
    moved           BOOLEAN NOT NULL,
    signed_length   BIGINT NOT NULL DEFAULT 0,
    signed_in       BIGINT,
    PRIMARY KEY (project_id, organization_id)
);
CREATE INDEX audit_chains_moved ON audit_chains (project_id, organization_id) WHERE moved = TRUE;

-- The key that proves them, sealed under the server key.
CREATE TABLE audit_keys (
    version     BIGINT PRIMARY KEY,
    sealed_root TEXT NOT NULL,
    created_at  BIGINT NOT NULL
);

-- Signed documents that say how far chains went.
CREATE TABLE audit_heads (
    number      BIGINT PRIMARY KEY,
    signed_at   BIGINT NOT NULL,
    document    TEXT NOT NULL,
    key_version BIGINT NOT NULL,
    signature   TEXT NOT NULL
);

-- How far each chain has been handed to a destination.
CREATE TABLE audit_exports (
    destination     TEXT NOT NULL,
    project_id      TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    sequence        BIGINT NOT NULL,
    PRIMARY KEY (destination, project_id, organization_id)
);
