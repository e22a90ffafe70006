//! Samples of the pages on which people sign in and look after their account.

use super::{HOSTILE, outside, rendered, shell};
use crate::portal::account::{
    self, AccountPage, Person, RecoveryCodesPage, SecondFactorPage, SessionRow,
};
use crate::portal::code::CodePage;
use crate::portal::invitation::InvitationPage;
use crate::portal::page::Section;
use crate::portal::program::{self, ProgramPage};
use crate::portal::provider::{self, Choice, TenantsPage};
use crate::portal::qr;
use crate::portal::sign_in::{self, SignInPage};
use crate::portal::words::Moment;

pub fn samples() -> Vec<(&'static str, String)> {
    let mut found = sign_in();
    found.extend(program());
    found.extend(steps());
    found.extend(accounts());
    found.extend(tenants());
    found
}

fn said() -> Option<String> {
    Some("Enter it.".to_owned())
}

fn sign_in() -> Vec<(&'static str, String)> {
    use sign_in::{Entered, Faults};
    let page = |entered, faults, notice| SignInPage {
        shell: outside(),
        form_token: "token".to_owned(),
        entered,
        faults,
        notice,
        providers: vec![Choice {
            label: HOSTILE.into(),
            link: "/sign-in/with/x".to_owned(),
            sign_out: "/sign-in/with/x/sign-out".to_owned(),
        }],
    };
    let entered = || Entered { user: HOSTILE.to_owned(), next: "/exchange".to_owned() };
    let faulty = Faults { user: said(), password: said(), all: said() };
    vec![
        rendered("sign-in: empty", &page(Entered::default(), Faults::default(), None)),
        rendered(
            "sign-in: signed out",
            &page(Entered::default(), Faults::default(), Some("x".into())),
        ),
        rendered("sign-in: faults", &page(entered(), faulty, None)),
    ]
}

fn program() -> Vec<(&'static str, String)> {
    use program::{Entered, Faults};
    let page = |entered, faults| ProgramPage {
        shell: outside(),
        form_token: "token".to_owned(),
        entered,
        faults,
    };
    let entered = Entered {
        tenant: HOSTILE.to_owned(),
        client: HOSTILE.to_owned(),
        next: "/exchange".to_owned(),
    };
    let faulty = Faults { tenant: said(), client: said(), secret: said(), all: said() };
    vec![
        rendered("program: empty", &page(Entered::default(), Faults::default())),
        rendered("program: faults", &page(entered, faulty)),
    ]
}

fn steps() -> Vec<(&'static str, String)> {
    let code = |fault| CodePage {
        shell: outside(),
        form_token: "token".to_owned(),
        next: HOSTILE.to_owned(),
        fault,
    };
    let invitation = |token: &str, fault| InvitationPage {
        shell: outside(),
        form_token: "token".to_owned(),
        token: token.to_owned(),
        user_name: "anna@contoso.example".to_owned(),
        welcome: HOSTILE.into(),
        fault,
    };
    vec![
        rendered("code: empty", &code(None)),
        rendered("code: wrong", &code(said())),
        rendered("invitation", &invitation("token", None)),
        rendered("invitation: faulty", &invitation("token", said())),
        rendered("invitation: gone", &invitation("", None)),
    ]
}

fn accounts() -> Vec<(&'static str, String)> {
    let at = || Moment("2023-02-10T10:15:00Z".parse().unwrap());
    let person = |since: Option<Moment>, asked| Person {
        user_name: "anna@contoso.example".to_owned(),
        display_name: HOSTILE.to_owned(),
        mail: "anna@contoso.example".to_owned(),
        password_since: Some(at()),
        second_factor_since: since,
        recovery_codes_left: "9 recovery codes are left.".into(),
        second_factor_asked: asked,
    };
    let row = |here| SessionRow {
        id: super::ORDER.to_owned(),
        agent: HOSTILE.to_owned(),
        address: "2001:db8::1".to_owned(),
        since: at(),
        used: at(),
        here,
    };
    let page = |person, notice, faults| AccountPage {
        shell: shell("Your account", Section::None),
        person,
        sessions: vec![row(true), row(false)],
        notice,
        faults,
    };
    let faulty =
        account::Faults { old: said(), new: said(), again: said(), proof: said(), all: said() };
    let none = account::Faults::default;
    let factor = |fault| SecondFactorPage {
        shell: shell("Set up your second factor", Section::None),
        picture: qr::picture("otpauth://totp/Prorata:anna").unwrap(),
        seed: "ABCD EFGH".to_owned(),
        uri: HOSTILE.to_owned(),
        fault,
    };
    let codes = RecoveryCodesPage {
        shell: shell("Your recovery codes", Section::None),
        codes: vec!["abcd-efgh-jkmn-pqrs".to_owned(); 10],
    };
    vec![
        rendered("account: program", &page(None, None, none())),
        rendered(
            "account: asked for",
            &page(Some(person(None, true)), Some("Done.".into()), none()),
        ),
        rendered("account: with codes", &page(Some(person(Some(at()), false)), None, none())),
        rendered("account: faults", &page(Some(person(None, false)), None, faulty)),
        rendered("second factor", &factor(None)),
        rendered("second factor: wrong", &factor(said())),
        rendered("recovery codes", &codes),
    ]
}

fn tenants() -> Vec<(&'static str, String)> {
    let row = |is_here, is_home| provider::Row {
        id: super::ORDER.to_owned(),
        name: HOSTILE.to_owned(),
        go: HOSTILE.into(),
        is_here,
        is_home,
    };
    let page = TenantsPage {
        shell: shell("Tenants", Section::None),
        form_token: "token".to_owned(),
        rows: vec![row(true, true), row(false, false)],
    };
    vec![rendered("tenants", &page)]
}
