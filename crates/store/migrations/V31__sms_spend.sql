-- What texts cost whose attempts are erased, in sums that say nothing of anybody: the bill stays true.

CREATE TABLE sms_spend_kept (
    project_id      TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    day             BIGINT NOT NULL,           -- since 1970, in UTC
    country         TEXT NOT NULL,             -- empty where the number was of none
    provider        TEXT NOT NULL,
    purpose         TEXT NOT NULL,
    messages        BIGINT NOT NULL,
    attempts        BIGINT NOT NULL,
    verified        BIGINT NOT NULL,
    micros          BIGINT NOT NULL,           -- millionths of the price table's currency
    PRIMARY KEY (project_id, day, organization_id, country, provider, purpose)
);

-- Why no provider was asked to take a message that failed.
ALTER TABLE messages ADD COLUMN hindrance TEXT;
