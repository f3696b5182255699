-- One dialect for SQLite and PostgreSQL: TEXT, BIGINT (milliseconds since the
-- epoch), BOOLEAN. Every tenant table's key begins with the organization;
-- tokens are kept and found by their digest.

CREATE TABLE installation (
    name         TEXT PRIMARY KEY CHECK (name = 'this'),
    mode         TEXT NOT NULL,                -- dev or serve
    key_check    TEXT NOT NULL,                -- sealed; opens with the right server key only
    clock_offset BIGINT NOT NULL DEFAULT 0,    -- milliseconds; dev only
    created_at   BIGINT NOT NULL
);

CREATE TABLE projects (
    project_id   TEXT PRIMARY KEY,
    name         TEXT NOT NULL,
    environment  TEXT NOT NULL,
    public_token TEXT NOT NULL UNIQUE,
    settings     TEXT NOT NULL,
    created_at   BIGINT NOT NULL
);

CREATE TABLE project_secrets (
    secret_digest TEXT PRIMARY KEY,
    project_id    TEXT NOT NULL REFERENCES projects (project_id),
    created_at    BIGINT NOT NULL
);

CREATE TABLE signing_keys (
    project_id     TEXT NOT NULL REFERENCES projects (project_id),
    key_id         TEXT NOT NULL,
    sealed_private TEXT NOT NULL,              -- PKCS #8
    modulus        TEXT NOT NULL,              -- base64url, as a JWK shows it
    exponent       TEXT NOT NULL,
    created_at     BIGINT NOT NULL,
    PRIMARY KEY (project_id, key_id)
);

CREATE TABLE organizations (
    organization_id  TEXT NOT NULL PRIMARY KEY,
    project_id       TEXT NOT NULL REFERENCES projects (project_id),
    name             TEXT NOT NULL,
    slug             TEXT NOT NULL,
    slug_canonical   TEXT NOT NULL,
    external_id      TEXT,
    logo_url         TEXT NOT NULL,
    settings         TEXT NOT NULL,
    trusted_metadata TEXT NOT NULL,
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    deleted_at       BIGINT,
    UNIQUE (organization_id, project_id)
);
CREATE UNIQUE INDEX organizations_slug ON organizations (project_id, slug_canonical) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX organizations_external_id ON organizations (project_id, external_id)
    WHERE deleted_at IS NULL AND external_id IS NOT NULL;

CREATE TABLE claimed_domains (
    organization_id TEXT NOT NULL,
    project_id      TEXT NOT NULL,
    domain          TEXT NOT NULL,
    PRIMARY KEY (organization_id, domain),
    FOREIGN KEY (organization_id, project_id) REFERENCES organizations (organization_id, project_id)
);
CREATE INDEX claimed_domains_domain ON claimed_domains (project_id, domain);

CREATE TABLE members (
    organization_id              TEXT NOT NULL,
    member_id                    TEXT NOT NULL,
    project_id                   TEXT NOT NULL,
    status                       TEXT NOT NULL,
    email_id                     TEXT NOT NULL,
    email_address                TEXT NOT NULL,
    email_address_verified       BOOLEAN NOT NULL,
    retired_emails               TEXT NOT NULL,
    name                         TEXT NOT NULL,
    external_id                  TEXT,
    is_breakglass                BOOLEAN NOT NULL,
    roles                        TEXT NOT NULL,
    trusted_metadata             TEXT NOT NULL,
    untrusted_metadata           TEXT NOT NULL,
    mfa_enrolled                 BOOLEAN NOT NULL,
    default_mfa_method           TEXT,
    phone_id                     TEXT,
    phone_number                 TEXT,
    phone_state                  TEXT NOT NULL,
    totp_registration_id         TEXT,
    password_id                  TEXT,
    second_factor_failures       BIGINT NOT NULL,
    second_factor_failures_total BIGINT NOT NULL,
    second_factor_locked_at      BIGINT,
    second_factor_locked_until   BIGINT,
    password_failures            BIGINT NOT NULL,
    password_locked_at           BIGINT,
    password_locked_until        BIGINT,
    created_at                   BIGINT NOT NULL,
    updated_at                   BIGINT NOT NULL,
    PRIMARY KEY (organization_id, member_id),
    FOREIGN KEY (organization_id, project_id) REFERENCES organizations (organization_id, project_id)
);
CREATE UNIQUE INDEX members_external_id ON members (organization_id, external_id)
    WHERE status <> 'deleted' AND external_id IS NOT NULL;
-- A number named at login is nobody's claim: it blocks no other member.
CREATE UNIQUE INDEX members_phone_number ON members (organization_id, phone_number)
    WHERE status <> 'deleted' AND phone_number IS NOT NULL AND phone_state <> 'named_at_login';
CREATE UNIQUE INDEX members_member_id ON members (member_id);
CREATE INDEX members_password_id ON members (organization_id, password_id);

-- Who has an address, as primary or retired one. A deleted member has none.
CREATE TABLE email_claims (
    organization_id TEXT NOT NULL,
    email_canonical TEXT NOT NULL,
    project_id      TEXT NOT NULL,
    member_id       TEXT NOT NULL,
    is_retired      BOOLEAN NOT NULL,
    PRIMARY KEY (organization_id, email_canonical),
    FOREIGN KEY (organization_id, member_id) REFERENCES members (organization_id, member_id)
);
CREATE INDEX email_claims_member ON email_claims (organization_id, member_id);

CREATE TABLE passwords (
    organization_id TEXT NOT NULL,
    member_id       TEXT NOT NULL,
    project_id      TEXT NOT NULL,
    password_id     TEXT NOT NULL,
    hash            TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (organization_id, member_id),
    FOREIGN KEY (organization_id, member_id) REFERENCES members (organization_id, member_id)
);

CREATE TABLE totps (
    organization_id      TEXT NOT NULL,
    member_id            TEXT NOT NULL,
    project_id           TEXT NOT NULL,
    totp_registration_id TEXT NOT NULL,
    sealed_secret        TEXT NOT NULL,
    is_active            BOOLEAN NOT NULL,
    -- What created a pending one; it dies with it.
    made_with_intermediate TEXT,
    made_with_session      TEXT,
    expires_at           BIGINT NOT NULL,     -- of a pending one
    last_step            BIGINT NOT NULL,
    created_at           BIGINT NOT NULL,
    PRIMARY KEY (organization_id, member_id),
    FOREIGN KEY (organization_id, member_id) REFERENCES members (organization_id, member_id)
);

CREATE TABLE recovery_codes (
    organization_id      TEXT NOT NULL,
    member_id            TEXT NOT NULL,
    code_digest          TEXT NOT NULL,
    project_id           TEXT NOT NULL,
    recovery_code_id     TEXT NOT NULL,
    totp_registration_id TEXT NOT NULL,
    position             BIGINT NOT NULL,
    sealed_code          TEXT,                -- none when the project keeps digests only
    spent_at             BIGINT,
    PRIMARY KEY (organization_id, member_id, code_digest),
    FOREIGN KEY (organization_id, member_id) REFERENCES members (organization_id, member_id)
);

-- One live passcode a member: the key says so.
CREATE TABLE passcodes (
    organization_id TEXT NOT NULL,
    member_id       TEXT NOT NULL,
    project_id      TEXT NOT NULL,
    code_digest     TEXT NOT NULL,
    phone_id        TEXT NOT NULL,
    guesses         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    spent_at        BIGINT,
    PRIMARY KEY (organization_id, member_id),
    FOREIGN KEY (organization_id, member_id) REFERENCES members (organization_id, member_id)
);

CREATE TABLE magic_links (
    token_digest    TEXT PRIMARY KEY,
    project_id      TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    member_id       TEXT NOT NULL,
    email_id        TEXT NOT NULL,
    pkce_challenge  TEXT,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    spent_at        BIGINT,
    FOREIGN KEY (organization_id, member_id) REFERENCES members (organization_id, member_id)
);
CREATE INDEX magic_links_member ON magic_links (organization_id, member_id);
CREATE INDEX magic_links_expires_at ON magic_links (expires_at);

CREATE TABLE intermediate_sessions (
    token_digest    TEXT PRIMARY KEY,
    project_id      TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    member_id       TEXT NOT NULL,
    bag             TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    consumed_at     BIGINT,
    FOREIGN KEY (organization_id, member_id) REFERENCES members (organization_id, member_id)
);
CREATE INDEX intermediate_sessions_member ON intermediate_sessions (organization_id, member_id, created_at);
CREATE INDEX intermediate_sessions_expires_at ON intermediate_sessions (expires_at);

CREATE TABLE sessions (
    token_digest      TEXT PRIMARY KEY,
    token_seed        TEXT NOT NULL,           -- a token follows from it and the server key
    member_session_id TEXT NOT NULL,
    project_id        TEXT NOT NULL,
    organization_id   TEXT NOT NULL,
    member_id         TEXT NOT NULL,
    bag               TEXT NOT NULL,
    custom_claims     TEXT NOT NULL,
    started_at        BIGINT NOT NULL,
    last_accessed_at  BIGINT NOT NULL,
    expires_at        BIGINT NOT NULL,
    FOREIGN KEY (organization_id, member_id) REFERENCES members (organization_id, member_id)
);
CREATE UNIQUE INDEX sessions_id ON sessions (organization_id, member_session_id);
CREATE UNIQUE INDEX sessions_member_session_id ON sessions (member_session_id);
CREATE INDEX sessions_member ON sessions (organization_id, member_id);
CREATE INDEX sessions_expires_at ON sessions (expires_at);

CREATE TABLE send_counters (
    project_id    TEXT NOT NULL,
    counted       TEXT NOT NULL,
    window_length BIGINT NOT NULL,
    window_start  BIGINT NOT NULL,
    sent          BIGINT NOT NULL,
    PRIMARY KEY (project_id, counted, window_length, window_start)
);
CREATE INDEX send_counters_window_start ON send_counters (window_start);

CREATE TABLE audit_events (
    audit_event_id  TEXT PRIMARY KEY,
    project_id      TEXT NOT NULL,
    organization_id TEXT,
    member_id       TEXT,
    action          TEXT NOT NULL,
    actor           TEXT NOT NULL,
    at              BIGINT NOT NULL,
    details         TEXT NOT NULL
);
CREATE INDEX audit_events_organization ON audit_events (project_id, organization_id, at);
