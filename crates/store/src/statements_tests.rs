//! What holds of every statement.

use crate::{
    databases::Place,
    db::{
        statement::{Collected, CollectedTable},
        testing,
    },
};
use tokio_postgres::types::Type;

#[tokio::test]
async fn x() {
    let place = Place::sqlite();
    let _ = place.migrated().await;
    let conn = testing::sqlite(&place.url());
    for c in inventory::iter::<Collected> {
        println!("{} {}", c.file, c.text);
        println!("{:#?}", testing::plan(&conn, c.text));
    }
    for c in inventory::iter::<CollectedTable> {
        println!("{} ", (c.insert_text)());
        println!("{:#?}", testing::plan(&conn, (c.insert_text)()));
    }
    let place = Place::postgres().await.unwrap();
    let _ = place.migrated().await;
    let client = testing::postgres(&place.url()).await;
    for c in inventory::iter::<Collected> {
        if let Some(x) = testing::objection(&client, c.text, &[]).await {
            println!("PG {} {} {x:#?}", c.file, c.text);
        }
    }
    for c in inventory::iter::<CollectedTable> {
        if let Some(x) = testing::objection(&client, (c.insert_text)(), &[]).await {
            println!("PG {} {x:#?}", (c.insert_text)());
        }
    }
}
