//! `prorata partner`: what an agent of a partner does for its customers.

use crate::client::{Client, Connection};
use crate::failure::{Failure, Outcome};
use crate::output::{Output, columns, plain};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use uuid::Uuid;

/// Act as an agent of a partner: sign in to the partner's own tenant.
#[derive(Debug, Args)]
pub struct Partner {
    #[command(subcommand)]
    ask: Ask,
    #[command(flatten)]
    output: Output,
    #[command(flatten)]
    connection: Connection,
}

#[derive(Debug, Subcommand)]
enum Ask {
    /// Who you are as an agent, and who else is one.
    Me,
    /// The customers.
    Customers,
    /// The reservations of one customer, or of all.
    Reservations {
        /// The customer's tenant id.
        customer: Option<Uuid>,
    },
    /// Whether a customer may buy for itself; with a word, allow it or stop allowing it.
    Permission {
        customer: Uuid,
        /// `on` or `off`.
        #[arg(value_parser = ["on", "off"])]
        set: Option<String>,
    },
    /// Register a subscription, so that reservations can be bought with it by a cart.
    Register { customer: Uuid, subscription: Uuid },
    /// Make a cart of one line and show what it would cost; with --buy, check it out.
    Cart {
        customer: Uuid,
        subscription: Uuid,
        /// Such as `VirtualMachines:Standard_D2s_v5:westeurope`.
        product: String,
        #[arg(long, default_value_t = 1)]
        quantity: u32,
        #[arg(long, default_value = "P1Y")]
        term: String,
        /// Pay by the month.
        #[arg(long)]
        monthly: bool,
        /// Cover the one subscription that pays.
        #[arg(long)]
        single: bool,
        #[arg(long)]
        buy: bool,
    },
    /// Buy what is in a cart. Repeated, it buys nothing twice.
    Checkout { customer: Uuid, cart: Uuid },
}

/// Rows that are asked for at most.
const ROWS_MAX: usize = 1000;

impl Partner {
    pub fn run(&self) -> Result<Outcome, Failure> {
        self.output.check()?;
        let client = Client::sign_in(&self.connection)?;
        let (body, table): (Value, fn(&Value) -> String) = match &self.ask {
            Ask::Me => (get(&client, "")?, people),
            Ask::Customers => (list(&client, "/customers")?, customers),
            Ask::Reservations { customer: None } => (list(&client, "/reservations")?, reservations),
            Ask::Reservations { customer: Some(id) } => {
                (list(&client, &format!("/customers/{id}/reservations"))?, reservations)
            }
            Ask::Permission { customer, set } => {
                (permission(&client, *customer, set.as_deref())?, said)
            }
            Ask::Register { customer, subscription } => {
                let path =
                    format!("/customers/{customer}/subscriptions/{subscription}/registration");
                (post(&client, &path, &json!({}))?, said)
            }
            Ask::Cart { customer, buy, .. } => {
                let path = format!("/customers/{customer}/carts");
                let cart = post(&client, &path, &self.wanted())?;
                if *buy {
                    let id = plain(&cart["id"]);
                    let path = format!("{path}/{id}/checkout");
                    (post(&client, &path, &json!({}))?, checked_out)
                } else {
                    (cart, cart_lines)
                }
            }
            Ask::Checkout { customer, cart } => {
                let path = format!("/customers/{customer}/carts/{cart}/checkout");
                (post(&client, &path, &json!({}))?, checked_out)
            }
        };
        self.output.print(&body, table)?;
        let missed = body["orderErrors"].as_array().is_some_and(|errors| !errors.is_empty());
        Ok(if missed { Outcome::Refused } else { Outcome::Done })
    }

    /// A cart of one line.
    fn wanted(&self) -> Value {
        let Ask::Cart { subscription, product, quantity, term, monthly, single, .. } = &self.ask
        else {
            return Value::Null;
        };
        json!({ "lineItems": [{
            "catalogItemId": product,
            "quantity": quantity,
            "termDuration": term,
            "billingCycle": if *monthly { "monthly" } else { "oneTime" },
            "provisioningContext": {
                "subscriptionId": subscription,
                "scope": if *single { "Single" } else { "Shared" },
            },
        }] })
    }
}

fn path_of(rest: &str) -> String {
    format!("/prorata/partner{rest}")
}

fn get(client: &Client, rest: &str) -> Result<Value, Failure> {
    client.get(&path_of(rest))
}

fn list(client: &Client, rest: &str) -> Result<Value, Failure> {
    Ok(Value::Array(client.list(&path_of(rest), ROWS_MAX)?))
}

fn post(client: &Client, rest: &str, body: &Value) -> Result<Value, Failure> {
    Ok(client.post(&path_of(rest), body)?.accepted()?.body)
}

fn permission(client: &Client, customer: Uuid, set: Option<&str>) -> Result<Value, Failure> {
    let path = format!("/customers/{customer}/permissions/reservations");
    match set {
        None => get(client, &path),
        Some(word) => {
            let body = json!({ "allowed": word == "on" });
            Ok(client.put(&path_of(&path), &body)?.body)
        }
    }
}

fn people(body: &Value) -> String {
    let rows = body["agents"].as_array().into_iter().flatten();
    columns(
        &["Name", "Role", "Since", "Until"],
        rows.map(|row| {
            ["name", "role", "since", "until"].map(|member| plain(&row[member])).to_vec()
        }),
    )
}

fn customers(rows: &Value) -> String {
    columns(
        &["Name", "Since", "Until", "Azure plan", "Market", "Customer"],
        rows.as_array().into_iter().flatten().map(|row| {
            let known = &row["relationship"];
            vec![
                plain(&row["name"]),
                plain(&known["since"]),
                plain(&known["until"]),
                plain(&known["azurePlan"]),
                plain(&known["market"]),
                plain(&row["customerId"]),
            ]
        }),
    )
}

fn reservations(rows: &Value) -> String {
    columns(
        &["Customer", "Name", "Product", "Units", "Term", "State", "Ends", "Reservation"],
        rows.as_array().into_iter().flatten().map(|row| {
            let pair = [&row["reservationOrderId"], &row["reservationId"]].map(plain);
            vec![
                plain(&row["customer"]["name"]),
                plain(&row["displayName"]),
                plain(&row["skuName"]),
                plain(&row["quantity"]),
                plain(&row["term"]),
                plain(&row["provisioningState"]),
                plain(&row["expiryDateTime"]),
                pair.join("/"),
            ]
        }),
    )
}

fn said(body: &Value) -> String {
    let members = body.as_object().into_iter().flatten();
    columns(&["What", "Is"], members.map(|(name, value)| vec![name.clone(), plain(value)]))
}

fn cart_lines(body: &Value) -> String {
    let mut text = format!("Cart {}\n", plain(&body["id"]));
    text.push_str(&columns(
        &["Product", "Units", "Costs", "Currency", "Wrong"],
        body["lineItems"].as_array().into_iter().flatten().map(|row| {
            vec![
                plain(&row["catalogItemId"]),
                plain(&row["quantity"]),
                plain(&row["pricing"]["extendedPrice"]["amount"]),
                plain(&row["currencyCode"]),
                plain(&row["error"]["errorDescription"]),
            ]
        }),
    ));
    text
}

fn checked_out(body: &Value) -> String {
    let orders = body["orders"].as_array().into_iter().flatten();
    let orders =
        orders.map(|row| vec![plain(&row["orderGroupId"]), plain(&row["orderId"]), String::new()]);
    let errors = body["orderErrors"].as_array().into_iter().flatten();
    let errors = errors
        .map(|row| vec![plain(&row["orderGroupId"]), String::new(), plain(&row["description"])]);
    columns(&["Line", "Order", "Wrong"], orders.chain(errors))
}
