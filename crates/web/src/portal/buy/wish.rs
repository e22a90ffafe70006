//! What somebody wants to buy, as it stands in an address or a form.

use crate::portal::compare;
use crate::portal::form::{self, Fields, Hidden, escaped};
use crate::portal::language::say;
use prorata_domain::ids::{SubscriptionId, TenantId};
use prorata_domain::purchase::Request;
use prorata_domain::term::{BillingPlan, Term};

/// Everything as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    pub resource_type: String,
    pub sku: String,
    pub location: String,
    pub subscription: String,
    /// Term and plan, as the comparison writes them.
    pub offer: String,
    pub quantity: String,
    pub scope: String,
    pub name: String,
    pub renew: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    pub quantity: Option<String>,
}

impl Faults {
    pub fn any(&self) -> bool {
        self.quantity.is_some()
    }
}

impl Wish {
    pub fn read(fields: &Fields) -> Wish {
        let quantity = fields.one("quantity");
        let wish = Wish {
            resource_type: fields.one("type"),
            sku: fields.one("sku"),
            location: fields.one("location"),
            subscription: fields.one("subscription"),
            offer: fields.one("offer"),
            quantity: if fields.has("quantity") { quantity } else { "1".to_owned() },
            scope: fields.one("scope"),
            name: fields.one("name"),
            renew: fields.has("renew"),
        };
        match fields.one("product").as_str() {
            "" => wish,
            product => wish.with_product(product),
        }
    }

    /// The product as the search of the catalog names it: type, SKU, region, term and plan.
    fn with_product(self, product: &str) -> Wish {
        let parts = || {
            let (resource_type, rest) = product.split_once('/')?;
            let mut rest = rest.rsplitn(4, '/');
            let (plan, term) = (rest.next()?, rest.next()?);
            let (location, sku) = (rest.next()?.to_owned(), rest.next()?.to_owned());
            let (resource_type, offer) = (resource_type.to_owned(), format!("{term}-{plan}"));
            Some((resource_type, sku, location, offer))
        };
        match parts() {
            Some((resource_type, sku, location, offer)) => {
                Wish { resource_type, sku, location, offer, ..self }
            }
            None => self,
        }
    }

    /// The same as it was quoted.
    pub fn of(request: &Request) -> Wish {
        Wish {
            resource_type: request.resource_type.clone(),
            sku: request.sku.clone(),
            location: request.location.clone().unwrap_or_default(),
            subscription: request.billing_subscription.to_string(),
            offer: compare::value(request.term, request.plan),
            quantity: request.quantity.to_string(),
            scope: super::scopes::word(&request.applied_scope),
            name: request.display_name.clone(),
            renew: request.renew,
        }
    }

    /// What is wrong with what was typed, by itself; whether it is sold is for the decision to say.
    pub fn faults(&self) -> Faults {
        Faults {
            quantity: form::quantity(&self.quantity, u32::MAX)
                .err()
                .map(|_| say("buy-quantity-fault").into_owned()),
        }
    }

    /// The fields that make it up; what is empty is left out.
    fn fields(&self) -> Vec<(&'static str, String)> {
        let renew = if self.renew { "yes" } else { "" };
        let all = [
            ("type", self.resource_type.as_str()),
            ("sku", &self.sku),
            ("location", &self.location),
            ("subscription", &self.subscription),
            ("offer", &self.offer),
            ("quantity", &self.quantity),
            ("scope", &self.scope),
            ("name", &self.name),
            ("renew", renew),
        ];
        let filled = all.into_iter().filter(|(_, text)| !text.is_empty());
        filled.map(|(name, text)| (name, text.to_owned())).collect()
    }

    pub fn hidden(&self) -> Vec<Hidden> {
        self.fields().into_iter().map(|(name, value)| Hidden::new(name, value)).collect()
    }

    /// The page on which it is chosen.
    pub fn href(&self) -> String {
        let fields = self.fields();
        let pairs = fields.iter().map(|(name, text)| format!("{name}={}", escaped(text)));
        format!("/buy/product?{}", pairs.collect::<Vec<_>>().join("&"))
    }

    /// The request, for one unit where the quantity is none; the first year's upfront offer where
    /// none is chosen.
    pub fn request(&self, payer: SubscriptionId, tenant: TenantId) -> Request {
        let (term, plan) = compare::parse(&self.offer).unwrap_or((Term::P1Y, BillingPlan::Upfront));
        Request {
            resource_type: self.resource_type.clone(),
            sku: self.sku.clone(),
            location: (!self.location.is_empty()).then(|| self.location.clone()),
            billing_subscription: payer,
            term,
            plan,
            quantity: form::quantity(&self.quantity, u32::MAX).unwrap_or(1),
            display_name: if self.name.is_empty() { self.sku.clone() } else { self.name.clone() },
            applied_scope: super::scopes::read(&self.scope, tenant),
            instance_flexibility: None,
            renew: self.renew,
            review_at: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish() -> Wish {
        Wish {
            resource_type: "VirtualMachines".to_owned(),
            sku: "Standard_B1ls & <more>".to_owned(),
            location: "westus".to_owned(),
            subscription: "11111111-2222-4333-8444-555555555555".to_owned(),
            offer: "P3Y-Monthly".to_owned(),
            quantity: "3".to_owned(),
            scope: "shared".to_owned(),
            name: "web + batch".to_owned(),
            renew: true,
        }
    }

    #[test]
    fn a_wish_survives_its_fields_and_its_request() {
        let pairs = wish().fields().into_iter().map(|(name, text)| (name.to_owned(), text));
        assert_eq!(Wish::read(&Fields::new(pairs.collect())), wish());
        let payer = SubscriptionId::parse(&wish().subscription).unwrap();
        let request = wish().request(payer, TenantId(payer.0));
        assert_eq!((request.term, request.plan), (Term::P3Y, BillingPlan::Monthly));
        assert_eq!(Wish::of(&request), wish());
    }

    #[test]
    fn a_product_is_read_as_the_search_names_it() {
        let pairs = [("product", "VirtualMachines/a/b/westus/P3Y/Monthly"), ("quantity", "2")];
        let pairs = pairs.map(|(name, text)| (name.to_owned(), text.to_owned()));
        let read = Wish::read(&Fields::new(pairs.into()));
        assert_eq!((read.resource_type.as_str(), read.sku.as_str()), ("VirtualMachines", "a/b"));
        assert_eq!((read.location.as_str(), read.offer.as_str()), ("westus", "P3Y-Monthly"));
        assert_eq!(read.quantity, "2");
    }

    #[test]
    fn its_address_holds_what_was_typed() {
        let href = wish().href();
        assert!(href.contains("sku=Standard_B1ls%20%26%20%3Cmore%3E"), "{href}");
        assert!(href.ends_with("&renew=yes"), "{href}");
        let plain = Wish { renew: false, name: String::new(), ..wish() };
        assert!(plain.href().ends_with("&scope=shared"), "{}", plain.href());
    }

    #[test]
    fn what_is_no_quantity_is_a_fault_and_prices_one_unit() {
        let none = Wish { quantity: "many".to_owned(), ..wish() };
        assert!(none.faults().any());
        assert!(!wish().faults().any());
        let payer = SubscriptionId::parse(&wish().subscription).unwrap();
        assert_eq!(none.request(payer, TenantId(payer.0)).quantity, 1);
    }
}
