# Wie Zahlen, Tage und die Begriffe des Fachs geschrieben werden.

group-sign = .
decimal-sign = ,
units = { $count ->
    [one] { $count } Einheit
   *[other] { $count } Einheiten
}
days = { $count ->
    [one] { $count } Tag
   *[other] { $count } Tage
}
hourly = { $amount } { $currency } je Stunde
in-days = { $count ->
    [0] heute
    [one] in { $count } Tag
   *[other] in { $count } Tagen
}
days-ago = { $count ->
    [one] vor { $count } Tag
   *[other] vor { $count } Tagen
}

day = { $day }. { $month } { $year }
short-day = { $day }. { $month } { $year }
moment = { $day }, { $time } UTC
month-1 = Januar
month-2 = Februar
month-3 = März
month-4 = April
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = August
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Dezember
short-month-1 = Jan.
short-month-2 = Feb.
short-month-3 = März
short-month-4 = Apr.
short-month-5 = Mai
short-month-6 = Juni
short-month-7 = Juli
short-month-8 = Aug.
short-month-9 = Sep.
short-month-10 = Okt.
short-month-11 = Nov.
short-month-12 = Dez.

term-P1M = 1 Monat
term-P1Y = 1 Jahr
term-P3Y = 3 Jahre
term-P5Y = 5 Jahre
plan-Upfront = Im Voraus
plan-Monthly = Monatlich
paid-Upfront = im Voraus bezahlt
paid-Monthly = monatlich bezahlt

state-active = Aktiv
state-returned = Zurückgegeben
state-exchanged = Umgetauscht
state-split = Aufgeteilt
state-merged = Zusammengeführt
state-swapped = Ausgewechselt
state-expired = Abgelaufen
state-renewed = Verlängert
state-not-renewed = Nicht verlängert
state-drained = Verbraucht
state-billing-failed = Zahlung gescheitert

scope-shared = Gemeinsam
scope-subscription = Abonnement
scope-resource-group = Ressourcengruppe
scope-management-group = Verwaltungsgruppe
scope-subscription-of = Abonnement { $name }
scope-resource-group-of = Ressourcengruppe { $name }
scope-management-group-of = Verwaltungsgruppe { $name }

acquired-purchase = Gekauft
acquired-exchange = Bei einem Umtausch gekauft
acquired-renewal = Verlängert
acquired-split = Von einer anderen Reservierung abgeteilt
acquired-merge = Aus anderen Reservierungen zusammengeführt
acquired-partial-return = Behalten, als andere Einheiten abgegeben wurden
acquired-swap = Gegen das Gegenstück mit oder ohne Premium-Speicher ausgewechselt

agreement-ea = Enterprise Agreement
agreement-mca = Microsoft-Kundenvereinbarung
agreement-csp = Cloud Solution Provider
agreement-payg = Nutzungsbasierte Zahlung
payment-prepayment = Vorauszahlung des Vertrags
payment-overage = Überschreitungsrechnung
payment-wire = Überweisung
payment-card = Karte
payment-invoice = Rechnung

goes-prepayment = zurück auf die Vorauszahlung, aus der bezahlt wurde
goes-credit-90-days = auf ein befristetes Guthaben, da die Vorauszahlung, aus der bezahlt wurde, beendet ist
goes-credit-note = auf eine Gutschrift; Rechnungen bleiben, wie sie sind
goes-credit-memo = auf eine Gutschrift, und Überschreitungsrechnungen werden neu berechnet
goes-reopened-invoice = auf die Rechnungen, die wieder geöffnet und angepasst werden
goes-next-invoice = auf die Rechnung des nächsten Monats
goes-card = zurück auf die Karte, mit der bezahlt wurde
goes-future-purchase = auf ein Guthaben für einen künftigen Kauf von Reservierungen

counted-refund-amount = die Erstattung und die nie fälligen Zahlungen
counted-cash-refund = nur das ausgezahlte Geld
counted-cancelled-commitment = die aufgehobene Verpflichtung

formula-share = { $of } × { $part } ÷ { $whole }, { $rounding }
formula-times = { $of } × { $count }
formula-hours = { $of } × { $hours } Stunden
formula-minus = { $from } − { $less }
formula-plus = { $first } + { $second }
formula-scale = { $of } × { $rate }, { $rounding }
formula-days = vom { $from } bis { $to }
formula-lesser = der kleinere Betrag von { $first } und { $second }
rounding-cut = abgeschnitten, nicht gerundet
rounding-half-up = kaufmännisch gerundet
rounding-up = aufgerundet

subject-return = Rückgabe { $position }
subject-purchase = Kauf { $position }
subject-savings-plan = Sparplan { $position }

about-return = { " " }bei Rückgabe { $position }
about-purchase = { " " }bei Kauf { $position }
about-savings-plan = { " " }bei Sparplan { $position }
repair-reduce-quantity = Höchstens { $units } zurückgeben{ $about }
repair-raise-purchase = Für mindestens { $amount } mehr kaufen
repair-raise-commitment = Sich zu mindestens { $amount } verpflichten{ $about }
repair-wait-until = Am { $day } oder später erneut anfragen
repair-buy-within = Eines von { $types } kaufen{ $about }
repair-choose = { $values } als { $field } wählen{ $about }
repair-pay-overdue = Das Zahlungsmittel in Ordnung bringen, damit { $amount } bezahlt wird
repair-ask-partner = Den Partner { $partner } bitten
repair-obtain-role = Eine der Rollen { $roles } in { $place } erhalten
repair-leave-tenant = Die Organisation des Kunden verlassen und als Agent zurückkommen
repair-join-order = Das Gastkonto dem Auftrag hinzufügen lassen
repair-ask-for-approval = Einen Antrag stellen und von anderen genehmigen lassen
repair-quote-again = Ein neues Angebot anfordern
or = { " oder " }

quantity-empty = Geben Sie ein, wie viele Einheiten, von 1 bis { $most }.
quantity-range = Geben Sie eine Zahl von 1 bis { $most } ein.
quantity-whole = Geben Sie eine ganze Zahl von 1 bis { $most } ein.
