# Der Umtausch in seinen drei Schritten.

exchange-steps = Schritte
exchange-step-return = Rückgabe
exchange-step-purchase = Kauf
exchange-step-review = Prüfen
exchange-to-list = Zur Liste der Reservierungen

# Was abgegeben wird.
exchange-return-title = Umtausch: Rückgabe
exchange-return-heading = Umtausch: was abgegeben wird
exchange-return-lead = Kreuzen Sie an, was abgegeben wird, oder tragen Sie die Zahl der Einheiten ein. Behaltene Einheiten laufen bis zum selben Ende weiter.
exchange-give-something = Kreuzen Sie mindestens eine Reservierung an, oder tragen Sie ein, wie viele Einheiten abgegeben werden.
exchange-give-fewer = Geben Sie höchstens { $most } Reservierungen auf einmal ab und die übrigen in einem weiteren Umtausch.
exchange-give-ended = Zustand: { $state }. Lassen Sie die Zahl leer.
exchange-nothing-to-give = Es gibt keine aktive Reservierung, die Sie sehen dürfen, also nichts umzutauschen. Reservierungen erscheinen hier, sobald sie gekauft sind oder Sie eine Rolle an ihrem Auftrag haben.
exchange-filter = Filter
exchange-filter-example = Name, Produkt, Region …
exchange-filter-do = Filtern
exchange-filter-none = Keine aktive Reservierung enthält diese Wörter. Lassen Sie eines weg.
exchange-others = Auch andere Reservierungen zeigen
exchange-fill = Zahlen ausfüllen
exchange-fill-all = Alle Einheiten
exchange-fill-unused = Ungenutzte Einheiten (7 Tage)
exchange-fill-nothing = Keine
exchange-gives = Reservierungen zum Abgeben
exchange-reservation = Reservierung
exchange-details = Details
exchange-used = Genutzt, 7 Tage
exchange-not-loaded = keine Zahlen
exchange-percent = { $percent } %
exchange-not-needed = { $units } nicht gebraucht
exchange-ends = Endet
exchange-held = Gehalten
exchange-give = Abgeben
exchange-brings = Bringt
exchange-brings-parts = { $back } zurück, { $never } nie gezahlt
exchange-units-of = Einheiten von { $name }
exchange-one-more = Eine Einheit mehr von { $name }
exchange-one-fewer = Eine Einheit weniger von { $name }
exchange-no-right = Sie dürfen sie ansehen, haben aber keine Rolle, mit der Sie sie umtauschen dürfen
exchange-cut = Das sind die ersten { $count } nach ihrem Ende. Andere finden Sie mit dem Filter nach ihrem Namen.
exchange-unused-nothing-loaded = Für diese Reservierungen wurde keine Auslastung geladen, darum ist nichts ausgefüllt. Sie kommt mit einem Weltdokument oder mit „prorata utilization import“.
exchange-unused-none = { $count ->
    [one] Alle Einheiten der Reservierung mit Zahlen wurden in den letzten sieben Tagen genutzt, darum wird nichts abgegeben.
   *[other] Alle Einheiten der { $count } Reservierungen mit Zahlen wurden in den letzten sieben Tagen genutzt, darum wird nichts abgegeben.
}
exchange-unused-filled = Ausgefüllt: { $units }, in den letzten sieben Tagen mit Zahlen nicht gebraucht.
exchange-unused-without = { $count ->
    [one] Für eine Reservierung wurden keine Zahlen geladen; sie bleibt, wie sie ist.
   *[other] Für { $count } Reservierungen wurden keine Zahlen geladen; sie bleiben, wie sie sind.
}
exchange-nothing-yet = Noch wird nichts abgegeben
exchange-given-so-far = { $count ->
    [one] { $units } von { $count } Reservierung, wert
   *[other] { $units } von { $count } Reservierungen, wert
}
exchange-to-purchase = Weiter zum Kauf

# Was dafür gekauft wird.
exchange-purchase-title = Umtausch: Kauf
exchange-purchase-heading = Umtausch: was dafür gekauft wird
exchange-search = Katalog durchsuchen
exchange-types-allowed = Daraus darf werden
exchange-types-refused = Wird dafür abgelehnt
exchange-not-into = Eine Reservierung vom Typ { $from } darf nicht dazu werden
exchange-twins = Sie darf als Zwilling mit Premiumspeicher weiterlaufen: { $twins }. Es wird nichts berechnet, und die Laufzeit läuft weiter.
exchange-swap = Gegen den Zwilling tauschen
exchange-basket = Warenkorb
exchange-basket-empty = Noch ist nichts darin. Suchen Sie ein Produkt und fügen Sie es hinzu.
exchange-remove = Entfernen
exchange-remove-of = { $name } entfernen
exchange-line-more = Bereich und Name
exchange-scope = Bereich
exchange-scope-shared = Gemeinsam
exchange-scope-payer = Das zahlende Abonnement
exchange-name = Name
exchange-optional = darf leer bleiben
exchange-payer = Wer zahlt
exchange-subscription = Zahlendes Abonnement
exchange-subscription-hint = Das für das Abgegebene gezahlt hat, wenn Sie nichts ändern
exchange-fault-subscription = Wählen Sie das Abonnement, das zahlt.
exchange-fault-product = Dieses Produkt ist nicht lesbar; entfernen Sie es und fügen Sie ein anderes hinzu.
exchange-fault-quantity = Geben Sie die Zahl der Einheiten ein, eine ganze Zahl ab 1.
exchange-buy-something = Fügen Sie dem Warenkorb mindestens ein Produkt hinzu.
exchange-balance-caption = Was gekauft wird gegen das, was abgegeben wird
exchange-balance-what = Was
exchange-balance-empty = Gekauft werden müssen Produkte im Wert von mindestens { $amount }.
exchange-balance-short = Es fehlen { $amount }: Das Gekaufte muss mindestens so viel wert sein wie das Abgegebene.
exchange-balance-level = Das Gekaufte ist genau so viel wert wie das Abgegebene.
exchange-balance-enough = Das Gekaufte ist genug wert, { $amount } mehr als nötig.
exchange-balance-swap = Es läuft als Zwilling weiter: Nichts wird abgegeben, nichts wird berechnet.
exchange-top-ups = Was es ausgleicht, die kleinste Änderung zuerst:
exchange-top-up = { $to } × { $sku } statt { $from } kaufen, { $amount } mehr
exchange-given-up = Abgegeben
exchange-given-up-both = Abgegeben: was zurückkommt und was nie gezahlt wird
exchange-bought = Gekauft
exchange-net = Zu zahlen
exchange-pay-now = { $amount } zu zahlen
exchange-get-now = { $amount } kommt zurück
exchange-to-review = Prüfen
exchange-back-to-return = Zurück zur Rückgabe
exchange-back-to-purchase = Zurück zum Kauf

# Was möglich ist, nebeneinander.
exchange-ways-heading = Behalten, umtauschen, zurückgeben oder eintauschen
exchange-ways-what = Was getan wird
exchange-way-keep = Behalten
exchange-way-exchange = Umtauschen
exchange-way-return = Zurückgeben
exchange-way-trade-in = Eintauschen
exchange-way-plan = Sparplan über { $hourly } je Stunde, { $term }
exchange-way-now = Geld jetzt
exchange-way-in-all = Von heute bis zum Ende
exchange-way-until = Abgedeckt bis
exchange-way-cap = Obergrenze für Erstattungen
exchange-way-rights = Recht auf Umtausch danach
exchange-way-may = Erlaubt?
exchange-way-pay = zu zahlen
exchange-way-back = kommt zurück
exchange-way-nothing = nichts
exchange-way-allowed = Ja
exchange-way-refused = Abgelehnt
exchange-way-to-return = Zur Rückgabe
exchange-way-to-return-of = Zur Rückgabe von Nummer { $position }
exchange-way-to-trade-in = Zum Eintausch
exchange-way-cap-untouched = unberührt
exchange-way-cap-left = { $counted } angerechnet, { $left } übrig
exchange-way-cap-over = { $counted } angerechnet, { $left } darüber
exchange-way-cap-together = Jede für sich passt, zusammen überschreiten sie sie
exchange-way-right-ended = keines, denn die Leistung endet
exchange-way-right-plan = keines: Ein Sparplan wird weder umgetauscht noch zurückgegeben
exchange-right-free = unbegrenzt
exchange-right-last = { $count ->
    [one] ein letzter Umtausch
   *[other] { $count } letzte Umtausche
}
exchange-right-none = keines
exchange-right-then-last = { $count ->
    [one] unbegrenzt vor dem { $day }, danach ein letzter Umtausch
   *[other] unbegrenzt vor dem { $day }, danach { $count } letzte Umtausche
}
exchange-right-then-none = unbegrenzt vor dem { $day }, danach keines

# Die Prüfung, und was daraus wurde.
exchange-review-title = Umtausch: Prüfen
exchange-review-heading = Umtausch: Prüfen
exchange-review-lead = Es geschieht nichts, bevor Sie es unten bestätigen.
exchange-refused-for = Abgelehnt: { $clause }
exchange-see-clause = Siehe Klausel { $number } im Nachweis
exchange-over-terms = Über die ganzen Laufzeiten
exchange-today = Heute
exchange-first-payments = Erste Zahlungen für das Gekaufte
exchange-back-now = Kommt für das Abgegebene zurück
exchange-happens = Was geschieht, wenn Sie bestätigen
exchange-happened = Was geschehen ist
exchange-happens-return = { $what }: Die Leistung endet. { $amount } geht { $destination }.
exchange-happens-cancelled = Noch ausstehende Zahlungen von { $amount } entfallen.
exchange-happens-kept = { $units } davon laufen bis zum selben Ende weiter.
exchange-happens-bought = { $what }: beginnt am Tag des Umtauschs und endet am { $day }. Die erste Zahlung beträgt { $amount }.
exchange-happens-payments = { $count ->
    [one] Eine weitere Zahlung folgt.
   *[other] { $count } weitere Zahlungen folgen.
}
exchange-happens-swap = { $what }: läuft als { $twin } bis { $day } weiter. Es wird nichts berechnet.
exchange-happens-cap = Nichts davon zählt auf die Obergrenze für Erstattungen.
exchange-goes-on-with-twin = mit dem Zwilling mit Premiumspeicher weiter
exchange-what = Was
exchange-comes-back = Kommt zurück
exchange-never-paid = Nie gezahlt
exchange-kept = Behaltene Einheiten
exchange-money-goes = das Geld geht { $destination }
exchange-whole-price = Ganzer Preis
exchange-first-payment = Erste Zahlung
exchange-payments = Zahlungen
exchange-not-priced = ohne Preis
exchange-ask-heading = Andere müssen das zuerst genehmigen
exchange-ask-comment = Warum es gewünscht ist
exchange-ask = Um Genehmigung bitten
exchange-confirm-heading = Diesen Umtausch ausführen
exchange-terms-ends = Das Abgegebene endet sofort, und mit ihm seine Leistung.
exchange-terms-begins = Das Gekaufte beginnt sofort, für eine ganze Laufzeit zum gezeigten Preis.
exchange-terms-final = Es lässt sich nicht rückgängig machen; das Gekaufte kann später umgetauscht oder zurückgegeben werden, wie es die Regeln dann erlauben.
exchange-confirm = Ich habe gelesen, was geschieht, und den Nachweis, und stimme diesen Bedingungen zu.
exchange-do = Umtauschen
exchange-fault-confirm = Kreuzen Sie das Feld an: Ein Umtausch lässt sich nicht rückgängig machen.
exchange-holds-for = { $count ->
    [one] Dieses Angebot gilt eine Minute.
   *[other] Dieses Angebot gilt { $count } Minuten.
}
exchange-session-gone = Es wurde nichts umgetauscht: { $why } Unten steht ein neues Angebot.
exchange-choose-type = { $value } als Typ in Kauf { $position } wählen
exchange-choose-sku = { $value } als SKU in Kauf { $position } wählen
exchange-choose-region = { $value } als Region in Kauf { $position } wählen
exchange-choose-term = { $value } als Laufzeit in Kauf { $position } wählen
exchange-choose-plan = { $value } als Zahlungsweise in Kauf { $position } wählen
exchange-choose-quantity = { $value } als Anzahl in Kauf { $position } wählen
exchange-progress-title = Umtausch: läuft
exchange-running = Der Umtausch wird ausgeführt
exchange-running-lead = Er wurde abgeschickt und wird aufgezeichnet. Diese Seite zeigt das Ergebnis, sobald es da ist.
exchange-look-again = Noch einmal nachsehen
exchange-not-made = Der Umtausch wurde nicht ausgeführt
exchange-not-made-lead = Er wurde abgeschickt, aber nichts davon wurde aufgezeichnet: Nichts wurde abgegeben, nichts wurde gekauft. Dasselbe Formular darf noch einmal abgeschickt werden, solange sein Angebot gilt.
exchange-begin-new = Neuen Umtausch beginnen
exchange-review-again = Mit neuem Angebot noch einmal prüfen
exchange-made-title = Umtausch ausgeführt
exchange-refused-title = Umtausch abgelehnt
exchange-is-made = Der Umtausch ist ausgeführt
exchange-was-refused = Der Umtausch wurde abgelehnt
exchange-was-refused-lead = Er war angeboten, wurde aber bei der Ausführung abgelehnt. Nichts wurde abgegeben, nichts wurde gekauft.
exchange-recorded-as = Aufgezeichnet als Vorgang
