//! What is to be bought or given up, as it is written on the command line.

use crate::client::Client;
use crate::failure::Failure;
use clap::Args;
use jiff::Timestamp;
use prorata_domain::ids::{OrderId, ReservationId, SubscriptionId, TenantId};
use prorata_domain::purchase::Request;
use prorata_domain::reservation::AppliedScope;
use prorata_domain::term::{BillingPlan, Term};
use prorata_wire::azure::{ScopePath, parse_reservation_id, parse_scope};
use uuid::Uuid;

/// What to buy.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "What to buy")]
pub struct Wanted {
    /// The product, such as Standard_D2s_v5.
    #[arg(long)]
    pub sku: String,

    /// The region, such as westeurope; not for products without one.
    #[arg(long, short)]
    pub location: Option<String>,

    /// P1Y, P3Y or P5Y.
    #[arg(long, default_value = "P1Y", value_parser = term)]
    pub term: Term,

    /// Upfront or Monthly.
    #[arg(long, default_value = "Upfront", value_parser = plan)]
    pub plan: BillingPlan,

    /// How many units.
    #[arg(long, short = 'n', default_value_t = 1)]
    pub quantity: u32,

    /// The kind of product.
    #[arg(long = "type", value_name = "TYPE", default_value = "VirtualMachines")]
    pub resource_type: String,

    /// The subscription that pays; without it, the sandbox file's first one of the tenant.
    #[arg(long, value_name = "ID", env = "PRORATA_SUBSCRIPTION")]
    pub subscription: Option<Uuid>,

    /// A name to find it by; without it, the product's.
    #[arg(long)]
    pub name: Option<String>,

    /// Who benefits: `shared`, or the path of a subscription, resource group or management group.
    #[arg(long, default_value = "shared", value_parser = scope)]
    pub scope: Scope,

    /// Renew it at its end.
    #[arg(long)]
    pub renew: bool,
}

/// Who benefits, but for the tenant that a management group is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    Shared,
    Path(ScopePath),
}

impl Wanted {
    /// The request as the API takes it.
    ///
    /// # Errors
    /// A usage failure when no subscription is known.
    pub fn request(&self, client: &Client) -> Result<Request, Failure> {
        Ok(Request {
            resource_type: self.resource_type.clone(),
            sku: self.sku.clone(),
            location: self.location.clone(),
            billing_subscription: SubscriptionId(client.paying(self.subscription)?),
            term: self.term,
            plan: self.plan,
            quantity: self.quantity,
            display_name: self.name.clone().unwrap_or_else(|| self.sku.clone()),
            applied_scope: self.scope.in_tenant(client.tenant()),
            instance_flexibility: None,
            renew: self.renew,
            review_at: None::<Timestamp>,
        })
    }
}

impl Scope {
    pub fn in_tenant(&self, tenant: TenantId) -> AppliedScope {
        match self {
            Scope::Shared => AppliedScope::Shared,
            Scope::Path(ScopePath::Subscription(id)) => AppliedScope::Subscription(*id),
            Scope::Path(ScopePath::ResourceGroup { subscription, name }) => {
                AppliedScope::ResourceGroup { subscription: *subscription, name: name.clone() }
            }
            Scope::Path(ScopePath::ManagementGroup(id)) => {
                AppliedScope::ManagementGroup { tenant, id: id.clone() }
            }
        }
    }
}

fn term(text: &str) -> Result<Term, String> {
    Term::parse(text).ok_or_else(|| "must be P1Y, P3Y or P5Y".to_owned())
}

fn plan(text: &str) -> Result<BillingPlan, String> {
    BillingPlan::parse(text).ok_or_else(|| "must be Upfront or Monthly".to_owned())
}

pub fn scope(text: &str) -> Result<Scope, String> {
    if text.eq_ignore_ascii_case("shared") {
        return Ok(Scope::Shared);
    }
    parse_scope(text).map(Scope::Path).ok_or_else(|| {
        "must be `shared`, a subscription's id, /subscriptions/ID/resourceGroups/NAME or \
         /providers/Microsoft.Management/managementGroups/ID"
            .to_owned()
    })
}

/// A reservation under its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    pub order: OrderId,
    pub reservation: ReservationId,
}

/// Reads `ORDER/RESERVATION`, or the reservation's full path.
///
/// # Errors
/// What it must look like.
pub fn held(text: &str) -> Result<Held, String> {
    let pair = text.split_once('/').and_then(|(order, reservation)| {
        Some((OrderId::parse(order)?, ReservationId::parse(reservation)?))
    });
    let (order, reservation) = pair
        .or_else(|| parse_reservation_id(text))
        .ok_or("must be ORDER/RESERVATION, two ids with a slash, or the reservation's path")?;
    Ok(Held { order, reservation })
}

/// Reads `ORDER/RESERVATION:QUANTITY`.
///
/// # Errors
/// What it must look like.
pub fn given_up(text: &str) -> Result<(Held, u32), String> {
    let (path, quantity) = text.rsplit_once(':').ok_or("must end in `:QUANTITY`, such as `:1`")?;
    let quantity = quantity.parse().map_err(|_| format!("`{quantity}` is not a quantity"))?;
    Ok((held(path)?, quantity))
}

/// Reads `SKU,location=westeurope,term=P1Y,plan=Upfront,quantity=1`, with the members and
/// defaults of [`Wanted`].
///
/// # Errors
/// The member that cannot be read.
pub fn bought(text: &str) -> Result<Wanted, String> {
    let mut parts = text.split(',').map(str::trim);
    let sku = parts.next().filter(|sku| !sku.is_empty() && !sku.contains('=')).ok_or(
        "must begin with the product, such as `Standard_D2s_v5,location=westeurope,quantity=2`",
    )?;
    let mut wanted = Wanted {
        sku: sku.to_owned(),
        location: None,
        term: Term::P1Y,
        plan: BillingPlan::Upfront,
        quantity: 1,
        resource_type: "VirtualMachines".to_owned(),
        subscription: None,
        name: None,
        scope: Scope::Shared,
        renew: false,
    };
    for part in parts {
        let (member, value) = part
            .split_once('=')
            .ok_or_else(|| format!("`{part}` must be of the form MEMBER=VALUE"))?;
        let about = |why: String| format!("{member}: {why}");
        match member {
            "location" => wanted.location = Some(value.to_owned()),
            "term" => wanted.term = term(value).map_err(about)?,
            "plan" => wanted.plan = plan(value).map_err(about)?,
            "quantity" => {
                wanted.quantity =
                    value.parse().map_err(|_| about(format!("`{value}` is not a quantity")))?;
            }
            "type" => wanted.resource_type = value.to_owned(),
            "name" => wanted.name = Some(value.to_owned()),
            "scope" => wanted.scope = scope(value).map_err(about)?,
            "subscription" => {
                let id = value.parse().map_err(|_| about(format!("`{value}` is not a GUID")))?;
                wanted.subscription = Some(id);
            }
            other => {
                return Err(format!(
                    "there is no `{other}`; there are location, term, plan, quantity, type, name, \
                     scope and subscription"
                ));
            }
        }
    }
    Ok(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "276e7ae4-84d0-4da6-ab4b-d6b94f3557da";
    const B: &str = "6ef59113-3482-40da-8d79-787f823e34bc";

    #[test]
    fn what_is_given_up_is_named_by_pair_or_path() {
        let (pair, quantity) = given_up(&format!("{A}/{B}:3")).unwrap();
        let path = format!("/providers/Microsoft.Capacity/reservationOrders/{A}/reservations/{B}");
        assert_eq!((pair, quantity), (held(&path).unwrap(), 3));
        for text in [format!("{A}/{B}"), format!("{A}:1"), format!("{A}/{B}:-1"), String::new()] {
            assert!(given_up(&text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_bought_has_defaults_and_names_its_faults() {
        let wanted =
            bought("Standard_D2s_v5, location=westeurope,quantity=2,plan=monthly").unwrap();
        assert_eq!(wanted.sku, "Standard_D2s_v5");
        assert_eq!(
            (wanted.quantity, wanted.plan, wanted.term),
            (2, BillingPlan::Monthly, Term::P1Y)
        );
        let fault = |text| bought(text).unwrap_err();
        assert!(fault("location=westeurope").contains("begin with the product"));
        assert!(fault("x,quantity=many").contains("quantity: `many`"));
        assert!(fault("x,colour=red").contains("`colour`"));
        assert!(fault("x,term=P2Y").contains("P1Y, P3Y or P5Y"));
    }
}
