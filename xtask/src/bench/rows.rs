//! What the table of figures holds, and the marks that are to be reached.

/// A line of the table. The pointers lead into the figures of one database.
pub struct Row {
    pub what: &'static str,
    pub figure: &'static str,
    /// Where the latencies and the failures of the same measure are.
    pub load: Option<&'static str>,
    pub mark: Option<Mark>,
}

pub enum Mark {
    AtLeast { sqlite: f64, postgres: f64 },
    Below(f64),
}

pub const ROWS: &[Row] = &[
    Row {
        what: "session checks/s",
        figure: "/load/sessions/per_second",
        load: Some("/load/sessions"),
        mark: Some(Mark::AtLeast { sqlite: 12_000.0, postgres: 7_000.0 }),
    },
    Row {
        what: "second-factor completions/s",
        figure: "/load/completions/per_second",
        load: Some("/load/completions"),
        mark: Some(Mark::AtLeast { sqlite: 1_500.0, postgres: 700.0 }),
    },
    Row {
        what: "password logins/s",
        figure: "/load/passwords/per_second",
        load: Some("/load/passwords"),
        mark: None,
    },
    Row {
        what: "logins by app, ms (99 %)",
        figure: "/load/outage/normal/p99_ms",
        load: Some("/load/outage/normal"),
        mark: None,
    },
    Row {
        what: "the same, no provider answers",
        figure: "/load/outage/outage/p99_ms",
        load: Some("/load/outage/outage"),
        mark: None,
    },
    Row {
        what: "the latter : the former",
        figure: "/load/outage/p99_ratio",
        load: None,
        mark: Some(Mark::Below(1.2)),
    },
    Row { what: "memory, 1,000 mails wait, MB", figure: "/backlog/few_mb", load: None, mark: None },
    Row { what: "memory, the backlog waits, MB", figure: "/backlog/many_mb", load: None, mark: None },
    Row { what: "memory, most ever, MB", figure: "/backlog/most_mb", load: None, mark: None },
    Row {
        what: "a mail beside what is too late, ms",
        figure: "/backlog/arrived_after_ms",
        load: None,
        mark: Some(Mark::Below(10_000.0)),
    },
    Row {
        what: "search: everybody, ms",
        figure: "/load/search/everybody/p50_ms",
        load: Some("/load/search/everybody"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "metrics of an organization, ms",
        figure: "/load/search/metrics/p50_ms",
        load: Some("/load/search/metrics"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: ids, ms",
        figure: "/load/search/ids/p50_ms",
        load: Some("/load/search/ids"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: external ids, ms",
        figure: "/load/search/external_ids/p50_ms",
        load: Some("/load/search/external_ids"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: addresses, ms",
        figure: "/load/search/emails/p50_ms",
        load: Some("/load/search/emails"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: numbers, ms",
        figure: "/load/search/phone_numbers/p50_ms",
        load: Some("/load/search/phone_numbers"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: roles, ms",
        figure: "/load/search/admins/p50_ms",
        load: Some("/load/search/admins"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: one status, few, ms",
        figure: "/load/search/pending/p50_ms",
        load: Some("/load/search/pending"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: two statuses, few, ms",
        figure: "/load/search/pending_invited/p50_ms",
        load: Some("/load/search/pending_invited"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: one status, most, ms",
        figure: "/load/search/active/p50_ms",
        load: Some("/load/search/active"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: deleted ones, ms",
        figure: "/load/search/deleted/p50_ms",
        load: Some("/load/search/deleted"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: break-glass, ms",
        figure: "/load/search/breakglass/p50_ms",
        load: Some("/load/search/breakglass"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: not break-glass, ms",
        figure: "/load/search/not_breakglass/p50_ms",
        load: Some("/load/search/not_breakglass"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: with a password, none, ms",
        figure: "/load/search/with_password/p50_ms",
        load: Some("/load/search/with_password"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: without a password, all, ms",
        figure: "/load/search/without_password/p50_ms",
        load: Some("/load/search/without_password"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: with an authenticator, none, ms",
        figure: "/load/search/with_totp/p50_ms",
        load: Some("/load/search/with_totp"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: without one, all, ms",
        figure: "/load/search/without_totp/p50_ms",
        load: Some("/load/search/without_totp"),
        mark: Some(Mark::Below(20.0)),
    },
    Row {
        what: "search: part of an address, many, ms",
        figure: "/load/search/email_part_many/p50_ms",
        load: Some("/load/search/email_part_many"),
        mark: None,
    },
    Row {
        what: "search: part of an address, none, ms",
        figure: "/load/search/email_part_none/p50_ms",
        load: Some("/load/search/email_part_none"),
        mark: None,
    },
    Row {
        what: "search: part of a number, ms",
        figure: "/load/search/phone_part/p50_ms",
        load: Some("/load/search/phone_part"),
        mark: None,
    },
    Row {
        what: "start, median of 5, ms",
        figure: "/start_up/median_ms",
        load: None,
        mark: Some(Mark::Below(150.0)),
    },
    Row { what: "start, least of 5, ms", figure: "/start_up/min_ms", load: None, mark: None },
    Row { what: "first start, ms", figure: "/start_up/first_ms", load: None, mark: None },
    Row { what: "memory idle, MB", figure: "/memory/idle_mb", load: None, mark: Some(Mark::Below(40.0)) },
    Row { what: "memory after the load, MB", figure: "/memory/after_load_mb", load: None, mark: None },
];
