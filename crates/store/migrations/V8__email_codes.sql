-- One live code per address of a project, whatever it was sent for: the key says so.
CREATE TABLE email_codes (
    project_id      TEXT NOT NULL,
    email_address   TEXT NOT NULL,             -- canonical
    organization_id TEXT,                      -- none before one is chosen
    member_id       TEXT,
    code_digest     TEXT NOT NULL,
    guesses         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    spent_at        BIGINT,
    PRIMARY KEY (project_id, email_address)
);
CREATE INDEX email_codes_member ON email_codes (organization_id, member_id);
CREATE INDEX email_codes_expires_at ON email_codes (expires_at);

-- The counter over all codes of an address. It begins with the first code sent there.
CREATE TABLE email_code_guards (
    project_id    TEXT NOT NULL,
    email_address TEXT NOT NULL,               -- canonical
    failures      BIGINT NOT NULL,
    locked_until  BIGINT,
    sent_at       BIGINT NOT NULL,
    PRIMARY KEY (project_id, email_address)
);
CREATE INDEX email_code_guards_sent_at ON email_code_guards (sent_at);

-- Links that prove an address before an organization is chosen.
CREATE TABLE discovery_links (
    token_digest   TEXT PRIMARY KEY,
    project_id     TEXT NOT NULL,
    email_address  TEXT NOT NULL,
    pkce_challenge TEXT,
    created_at     BIGINT NOT NULL,
    expires_at     BIGINT NOT NULL,
    spent_at       BIGINT
);
CREATE INDEX discovery_links_expires_at ON discovery_links (expires_at);

-- Addresses that members are about to change to; closed to others meanwhile.
CREATE TABLE email_updates (
    organization_id TEXT NOT NULL,
    email_canonical TEXT NOT NULL,
    project_id      TEXT NOT NULL,
    member_id       TEXT NOT NULL,
    email_id        TEXT NOT NULL,             -- of the address, once it is the member's
    email_address   TEXT NOT NULL,             -- as it was given
    expires_at      BIGINT NOT NULL,
    PRIMARY KEY (organization_id, email_canonical),
    FOREIGN KEY (organization_id, member_id) REFERENCES members (organization_id, member_id)
);
CREATE UNIQUE INDEX email_updates_member ON email_updates (organization_id, member_id);
CREATE INDEX email_updates_expires_at ON email_updates (expires_at);
