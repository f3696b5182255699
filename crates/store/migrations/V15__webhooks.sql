-- Backends are told what happened.

-- Read with every project anyway: nothing is queued where nobody is told.
ALTER TABLE projects ADD COLUMN has_webhooks BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE webhook_endpoints (
    endpoint_id     TEXT PRIMARY KEY,
    project_id      TEXT NOT NULL REFERENCES projects (project_id),
    url             TEXT NOT NULL,
    description     TEXT NOT NULL,
    filters         TEXT NOT NULL,             -- JSON: event types or beginnings of them
    sealed_secret   TEXT NOT NULL,
    sealed_previous TEXT,                      -- signs, too, until previous_until
    previous_until  BIGINT,
    failing_since   BIGINT,
    last_failed_at  BIGINT,
    disabled_at     BIGINT,
    created_at      BIGINT NOT NULL
);
CREATE INDEX webhook_endpoints_project ON webhook_endpoints (project_id, created_at, endpoint_id);

-- What happened, written in the transaction of its effect, until somebody works out whom to tell.
CREATE TABLE webhook_outbox (
    cause_id        TEXT PRIMARY KEY,          -- of the audit event
    project_id      TEXT NOT NULL,
    organization_id TEXT,
    member_id       TEXT,
    action          TEXT NOT NULL,
    actor           TEXT NOT NULL,
    details         TEXT NOT NULL,             -- JSON
    occurred_at     BIGINT NOT NULL
);
CREATE INDEX webhook_outbox_oldest ON webhook_outbox (occurred_at, cause_id);

-- What is told; the same bytes at every attempt and every endpoint.
CREATE TABLE webhook_events (
    event_id    TEXT PRIMARY KEY,
    project_id  TEXT NOT NULL,
    body        TEXT NOT NULL,
    occurred_at BIGINT NOT NULL
);
CREATE INDEX webhook_events_occurred_at ON webhook_events (occurred_at);

CREATE TABLE webhook_deliveries (
    endpoint_id   TEXT NOT NULL,
    event_id      TEXT NOT NULL,
    project_id    TEXT NOT NULL,
    event_type    TEXT NOT NULL,
    state         TEXT NOT NULL,               -- pending, delivered, dead
    attempts      BIGINT NOT NULL,             -- since it was queued, or replayed
    next_at       BIGINT NOT NULL,
    claimed_until BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    finished_at   BIGINT,
    PRIMARY KEY (endpoint_id, event_id)
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, next_at) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_newest ON webhook_deliveries (endpoint_id, created_at, event_id);
CREATE INDEX webhook_deliveries_created_at ON webhook_deliveries (created_at);

CREATE TABLE webhook_attempts (
    endpoint_id TEXT NOT NULL,
    event_id    TEXT NOT NULL,
    project_id  TEXT NOT NULL,
    at          BIGINT NOT NULL,
    status      BIGINT,                        -- HTTP, where there was an answer
    outcome     TEXT NOT NULL,
    took_ms     BIGINT NOT NULL,
    PRIMARY KEY (endpoint_id, event_id, at)
);
CREATE INDEX webhook_attempts_at ON webhook_attempts (at);
