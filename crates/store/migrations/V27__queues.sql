-- What is due is asked for by channel and purpose: mail holds back no texts,
-- and invitations no codes.
CREATE INDEX messages_due ON messages (channel, purpose, next_attempt_at) WHERE state = 'waiting';
DROP INDEX messages_waiting;

-- What waits for one recipient.
CREATE INDEX messages_line ON messages (project_id, recipient_digest) WHERE state = 'waiting';

-- Whether the code that a message carries is alive still.
CREATE INDEX email_codes_digest ON email_codes (project_id, code_digest);
