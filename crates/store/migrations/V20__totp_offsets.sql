-- By how many steps accepted codes of authenticator apps were off, by day.
-- Many on one side mean that the server's clock is wrong.
CREATE TABLE totp_offsets (
    day         BIGINT NOT NULL,               -- since the epoch
    step_offset BIGINT NOT NULL,               -- -1, 0 or 1
    accepted    BIGINT NOT NULL,
    PRIMARY KEY (day, step_offset)
);
