//! A connection that statements run on, of either database.

use super::{Fault, Statement, Value, postgres, sqlite, watch::Watch};

/// Something statements run on.
pub struct Conn {
    pub(super) link: Link,
    /// A statement of the transaction failed, or was left half-way. PostgreSQL
    /// would answer the COMMIT with success and keep nothing; SQLite would keep
    /// the rest. So nothing goes on from there.
    pub(super) spoiled: bool,
    pub(super) watch: Watch,
}

pub(super) enum Link {
    SqliteRead(sqlite::Reader),
    SqliteWrite(sqlite::Writer),
    PostgresRead(postgres::Reader),
    PostgresWrite(postgres::Writer),
}

impl Conn {
    /// A statement to bind and run.
    pub fn sql(&mut self, text: &'static str) -> Statement<'_> {
        Statement::new(self, text)
    }

    pub(super) async fn run(&mut self, text: &'static str, values: Vec<Value>) -> Result<u64, Fault> {
        self.spoil()?;
        let done = match &mut self.link {
            Link::SqliteRead(reader) => reader.run(text, &values),
            Link::SqliteWrite(writer) => writer.run(text, &values),
            Link::PostgresRead(reader) => reader.run(text, &values).await,
            Link::PostgresWrite(writer) => writer.run(text, &values).await,
        };
        self.unspoil(done)
    }

    pub(super) async fn rows(
        &mut self,
        text: &'static str,
        values: Vec<Value>,
    ) -> Result<Vec<Vec<Value>>, Fault> {
        self.spoil()?;
        let done = match &mut self.link {
            Link::SqliteRead(reader) => reader.rows(text, &values),
            Link::SqliteWrite(writer) => writer.rows(text, &values),
            Link::PostgresRead(reader) => reader.rows(text, &values).await,
            Link::PostgresWrite(writer) => writer.rows(text, &values).await,
        };
        self.unspoil(done)
    }

    /// Of a text that is not worth remembering.
    pub(super) async fn rows_once(
        &mut self,
        text: &str,
        values: Vec<Value>,
    ) -> Result<Vec<Vec<Value>>, Fault> {
        self.spoil()?;
        let done = match &mut self.link {
            Link::SqliteRead(reader) => reader.rows_once(text, &values),
            Link::SqliteWrite(writer) => writer.rows_once(text, &values),
            Link::PostgresRead(reader) => reader.rows_once(text, &values).await,
            Link::PostgresWrite(writer) => writer.rows_once(text, &values).await,
        };
        self.unspoil(done)
    }

    /// Runs a statement about the transaction itself.
    pub(super) async fn control(&mut self, text: &'static str) -> Result<(), Fault> {
        self.spoil()?;
        let done = match &mut self.link {
            Link::SqliteWrite(writer) => writer.run(text, &[]).map(|_| ()),
            Link::PostgresWrite(writer) => writer.control(text).await,
            Link::SqliteRead(_) | Link::PostgresRead(_) => Ok(()),
        };
        self.unspoil(done)
    }

    /// Undoes what happened since the savepoint `attempt`, a failure included.
    pub(super) async fn undo_attempt(&mut self) -> Result<(), Fault> {
        self.spoiled = false;
        self.control("ROLLBACK TO SAVEPOINT attempt").await?;
        self.control("RELEASE SAVEPOINT attempt").await
    }

    /// Until the statement is done, its transaction cannot be committed.
    fn spoil(&mut self) -> Result<(), Fault> {
        match self.link {
            Link::SqliteRead(_) | Link::PostgresRead(_) => Ok(()),
            Link::SqliteWrite(_) | Link::PostgresWrite(_) if self.spoiled => Err(Fault::Spoiled),
            Link::SqliteWrite(_) | Link::PostgresWrite(_) => {
                self.spoiled = true;
                Ok(())
            }
        }
    }

    fn unspoil<T>(&mut self, done: Result<T, Fault>) -> Result<T, Fault> {
        if let (Err(fault), Link::SqliteWrite(_) | Link::PostgresWrite(_)) = (&done, &self.link) {
            self.watch.saw_fault(fault);
        }
        self.spoiled &= done.is_err();
        done
    }
}
