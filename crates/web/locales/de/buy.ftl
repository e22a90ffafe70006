# Kaufen, und Angebote nebeneinander.

compare-in-all = Insgesamt
compare-today = Heute fällig
compare-then = Danach
compare-nothing-more = nichts mehr
compare-more-payments = { $count } × { $amount }
compare-by-month = Je Monat
compare-by-hour = Je Stunde
compare-saves = Ersparnis
compare-no-saving = –
compare-percent = { $percent } %
compare-cheapest = Günstigste Stunde

buy-search-title = Eine Reservierung kaufen
buy-search-lead = Suchen Sie, was reserviert werden soll, und vergleichen Sie Laufzeiten und Zahlungsweisen. Gekauft wird erst, wenn Sie es bestätigen.
buy-nobody-pays = Sie sehen kein Abonnement, das zahlen könnte. Bitten Sie dessen Besitzer um die Rolle Owner oder Reservation Purchaser; danach erscheint es hier sofort.
buy-payer = Zahlendes Abonnement
buy-region = Region
buy-no-region = Ohne Region

buy-title = { $product } kaufen
buy-offer = Laufzeit und Zahlungsweise
buy-offer-hint = Für { $units }, in { $currency }. Die Ersparnis gilt gegenüber der teuersten Stunde auf dieser Seite.
buy-quantity = Anzahl
buy-quantity-fault = Geben Sie die Zahl der Einheiten ein, ganz und ab 1.
buy-name = Name
buy-optional = optional
buy-scope = Bereich
buy-scope-all = Alles
buy-scope-shared = Geteilt: alles, was das Konto zahlt
buy-scope-subscriptions = Ein Abonnement
buy-scope-resource-groups = Eine Ressourcengruppe des zahlenden Abonnements
buy-scope-management-groups = Eine Verwaltungsgruppe
buy-renew-label = Am Ende der Laufzeit verlängern. Das lässt sich bis dahin ändern.
buy-update = Aktualisieren
buy-no-role = Keine Rolle erlaubt Ihnen, mit diesem Abonnement zu kaufen.
buy-refused-heading = Abgelehnt: { $clause }
buy-costs-heading = { $count ->
    [one] { $units } kostet
   *[other] { $units } kosten
}
buy-today = Heute fällig
buy-later = Danach
buy-later-nothing = nichts
buy-later-monthly = { $count } × { $amount }, monatlich
buy-ends = Der Vorteil endet am
buy-converted = Der Listenpreis von { $price } ist zum Kurs { $rate } umgerechnet.
buy-not-you = Sie selbst dürfen dies nicht kaufen.
buy-helps = Was helfen würde:
buy-comment = Wozu es gebraucht wird
buy-ask = Genehmigung beantragen
buy-asked-first = Andere müssen es zuerst genehmigen.
buy-review = Prüfen
buy-review-hint = Noch wird nichts gekauft.
buy-why = Wie es dazu kommt

buy-choose-region = Stattdessen { $value } wählen
buy-choose-term = Stattdessen { $value } wählen
buy-choose-plan = Zahlungsweise { $value } wählen
buy-choose-sku = Stattdessen { $value } wählen
buy-review-title = Den Kauf prüfen
buy-review-lead = Gekauft wird erst, wenn Sie es unten bestätigen.
buy-product = Produkt
buy-term = Laufzeit
buy-plan = Zahlungsweise
buy-renewal = Am Ende der Laufzeit
buy-renews = Verlängert sie sich
buy-renews-not = Endet sie
buy-schedule = Alle { $count } Zahlungen
buy-schedule-label = Alle Zahlungen, seitwärts zu rollen
buy-payment = Zahlung
buy-due = Fällig am
buy-amount = Betrag
buy-confirm-heading = Kaufen
buy-confirm-label = Ich kaufe { $units } für insgesamt { $total }; davon werden { $today } jetzt gezahlt.
buy-confirm-fault = Setzen Sie das Häkchen, um zu kaufen.
buy-confirm = Für { $total } kaufen
buy-change = Ändern
buy-holds-until = Dieses Angebot gilt bis
buy-lapsed = Dieses Angebot ist abgelaufen; gekauft wurde nichts. Fragen Sie neu, was es jetzt kostet.
buy-again = Neu fragen
buy-refused = Gekauft wurde nichts: { $why }
buy-ask-heading = Andere müssen dies zuerst genehmigen

buy-made-title = Gekauft
buy-made-heading = { $units } gekauft für
buy-made-at = Gekauft am
buy-order = Auftrag
buy-failed-title = Die Zahlung wurde abgelehnt
buy-failed-heading = Die erste Zahlung wurde abgelehnt; gehalten wird nichts
