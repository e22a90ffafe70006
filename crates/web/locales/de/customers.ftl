# Kunden, und was von einem zu wissen ist: Die Namen beider Seiten beginnen mit `customers` und `customer`.

customers-lead = { $count ->
    [one] { $count } Konto, das Sie ansehen dürfen
   *[other] { $count } Konten, die Sie ansehen dürfen
}
customers-found = { $count ->
    [one] { $count } gefunden
   *[other] { $count } gefunden
}
customers-search = Einen Kunden suchen
customers-search-hint = Name, Konto oder Mandanten-ID
customers-do-search = Suchen
customers-all = Alle zeigen
customers-name = Kunde
customers-agreement = Vertrag
customers-active = Aktiv
customers-commitment = Verpflichtung
customers-next = Nächstes Ende
customers-left = Übrig von der Obergrenze, USD
customers-none = Sie sehen kein Konto. Wer eine Rolle für ein Abonnement hat, sieht das Konto, das dafür zahlt; wer für einen Partner arbeitet, sieht die Konten, mit denen er zahlt.
customers-none-found = Kein Konto, das Sie sehen, hat das in seinem Namen.
customers-no-account = noch kein Konto
customers-previous = Vorige Seite
customers-next-page = Nächste Seite
customers-pages = Seiten

customer-to-reservations = Reservierungen
customer-enter = Weiter in { $name }
customer-facts = Das Konto
customer-agreement = Vertrag
customer-payment = Bezahlt per
customer-currency = Währung
customer-rate = US-Dollar für 1 { $currency }
customer-profile = Abrechnungsprofil
customer-tenant = Mandant
customer-id = Konto
customer-prepayment-ends = Prepayment-Laufzeit endet
customer-active = Aktive Reservierungen
customer-commitment = Verpflichtung über ihre Laufzeiten
customer-next-end = Nächstes Ende
customer-failing = Zahlungen dieses Kontos schlagen fehl. Solange sie ausstehen, wird nichts zurückgegeben oder umgetauscht.

customer-cap = Obergrenze für Erstattungen
customer-cap-of = von { $cap }
customer-cap-left = Übrig
customer-cap-used = Genutzt seit dem { $day }
customer-cap-scope = Gemeinsam gezählt als
customer-cap-none = Seit dem { $day } wurde nichts gezählt, es ist also alles übrig.
customer-cap-days = Was zählt
customer-cap-on = Zurückgegeben am
customer-cap-amount = Gezählt, USD
customer-cap-back = Wieder nutzbar am

customer-buying = Darf selbst kaufen
customer-buying-on = An
customer-buying-off = Aus
customer-buying-on-means = Besitzer der Abonnements des Kunden dürfen Reservierungen kaufen. { $partner } bezahlt, was sie kaufen, und wird vorher nicht gefragt.
customer-buying-off-means = Nur { $partner } kauft Reservierungen für diesen Kunden.
customer-buying-allow = Dem Kunden das Kaufen erlauben
customer-buying-forbid = Nicht länger erlauben
customer-buying-confirm = Ja: Der Kunde darf Reservierungen kaufen, und { $partner } bezahlt sie
customer-buying-confirm-off = Ja: Der Kunde darf keine Reservierungen mehr kaufen; was gekauft ist, bleibt
customer-buying-tick = Bestätigen Sie es mit dem Haken über dem Knopf.
customer-buying-done = Gespeichert.
customer-buying-not-yours = Sie dürfen es nicht ändern: { $reason }
customer-buying-log = Änderungen
customer-buying-log-none = Es wurde nie geändert.
customer-buying-at = Wann
customer-buying-by = Wer
customer-buying-to = Geändert in

customer-ledger = Salden des Hauptbuchs
customer-ledger-means = Was für dieses Konto gebucht wurde, nach Art. Ein Minus ist, was dem Zahler genommen wurde; alles zusammen ergibt null.
customer-ledger-kind = Konto des Hauptbuchs
customer-ledger-balance = Saldo
customer-ledger-none = Für dieses Konto wurde noch nichts gebucht.
customer-ledger-much = Hier wurde sehr viel gebucht. Es zusammenzuzählen dauert einen Moment.
customer-ledger-sum = Zusammenzählen
customer-ledger-prepaid = Bezahlt und noch nicht genutzt
customer-ledger-used = Genutzt
customer-ledger-savings-plan-prepaid = Sparpläne: bezahlt und noch nicht genutzt
customer-ledger-savings-plan-used = Sparpläne: genutzt
customer-ledger-fee = Als Gebühren einbehalten
customer-ledger-payer-prepayment = Vorauszahlung des Zahlers
customer-ledger-payer-overage = Der Zahler, über Mehrverbrauchsrechnungen
customer-ledger-payer-wire = Der Zahler, über Überweisungen
customer-ledger-payer-card = Karte des Zahlers
customer-ledger-payer-invoice = Der Zahler, über Rechnungen
customer-ledger-payer-credit-90-days = Guthaben begrenzter Dauer
customer-ledger-payer-credit-note = Gutschriften
customer-ledger-payer-credit-memo = Gutschriftsanzeigen
customer-ledger-payer-reopened-invoice = Wieder geöffnete Rechnungen
customer-ledger-payer-next-invoice = Mit der nächsten Rechnung verrechnet
customer-ledger-payer-future-purchase = Für künftige Käufe gehalten

customer-credits = Guthaben, die ablaufen
customer-credit-given = Gegeben am
customer-credit-last = Letzter Tag
customer-credit-amount = Betrag

customer-subscriptions = Abonnements
customer-subscriptions-none = Sie sehen kein Abonnement, das dieses Konto bezahlt.
customer-subscription-name = Name
customer-subscription-id = ID
customer-subscription-state = Zustand
