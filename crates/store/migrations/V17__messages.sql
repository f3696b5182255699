-- The delivery ledger: every text and e-mail, and every attempt to hand one over.

CREATE TABLE messages (
    message_id       TEXT PRIMARY KEY,
    project_id       TEXT NOT NULL REFERENCES projects (project_id),
    organization_id  TEXT,                     -- none before one is chosen
    member_id        TEXT,
    channel          TEXT NOT NULL,
    purpose          TEXT NOT NULL,
    reason           TEXT NOT NULL,
    recipient        TEXT NOT NULL,            -- masked
    recipient_digest TEXT NOT NULL,            -- keyed; by it, a number's messages are found
    country          TEXT,
    carries          TEXT,                     -- digest of the code or token in it
    state            TEXT NOT NULL,
    sealed_body      TEXT,                     -- erased at hand-over, and when its time is over
    attempts         BIGINT NOT NULL,
    next_attempt_at  BIGINT NOT NULL,
    claimed_until    BIGINT NOT NULL,
    deadline         BIGINT NOT NULL,
    wrong_guesses    BIGINT NOT NULL,
    provider         TEXT,                     -- which took it
    created_at       BIGINT NOT NULL,
    accepted_at      BIGINT,
    delivered_at     BIGINT,
    verified_at      BIGINT,
    failed_at        BIGINT
);
CREATE INDEX messages_waiting ON messages (next_attempt_at) WHERE state = 'waiting';
CREATE INDEX messages_deadline ON messages (deadline) WHERE state = 'waiting';
CREATE INDEX messages_project ON messages (project_id, created_at, message_id);
CREATE INDEX messages_member ON messages (project_id, organization_id, member_id, created_at);
CREATE INDEX messages_recipient ON messages (project_id, recipient_digest, created_at);
CREATE INDEX messages_carries ON messages (project_id, carries) WHERE carries IS NOT NULL;
CREATE INDEX messages_sealed ON messages (message_id) WHERE sealed_body IS NOT NULL;
CREATE INDEX messages_created_at ON messages (created_at);

-- One hand-over, written before it is tried: what may have been sent is known.
CREATE TABLE message_attempts (
    message_id      TEXT NOT NULL REFERENCES messages (message_id),
    attempt         BIGINT NOT NULL,           -- from one
    project_id      TEXT NOT NULL,
    organization_id TEXT,
    channel         TEXT NOT NULL,
    country         TEXT,
    provider        TEXT NOT NULL,
    price_micros    BIGINT NOT NULL,           -- millionths of the price table's currency
    outcome         TEXT NOT NULL,
    status          BIGINT,                    -- of HTTP or SMTP
    code            BIGINT,                    -- the provider's own
    reference       TEXT,                      -- the provider's name for it
    began_at        BIGINT NOT NULL,
    ended_at        BIGINT,
    receipt         TEXT,
    receipt_code    BIGINT,
    receipt_at      BIGINT,
    PRIMARY KEY (message_id, attempt)
);
CREATE INDEX message_attempts_reference ON message_attempts (provider, reference) WHERE reference IS NOT NULL;
CREATE INDEX message_attempts_project ON message_attempts (project_id, began_at);
CREATE INDEX message_attempts_provider ON message_attempts (channel, began_at);
