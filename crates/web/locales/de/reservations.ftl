# Die Liste der Reservierungen.

reservations-lead = { $count ->
    [one] { $count } Reservierung
   *[other] { $count } Reservierungen
}
reservations-lead-of-customers = { $count ->
    [one] { $count } Reservierung
   *[other] { $count } Reservierungen
} von { $customers } Kunden
reservations-which = Welche Reservierungen
reservations-show-active = Aktiv
reservations-show-expiring = Laufen bald ab
reservations-show-no-benefit = Ohne Nutzen
reservations-show-ended = Beendet
reservations-show-archived = Archiviert
reservations-show-all = Alle
reservations-state-no-benefit = Ohne Nutzen
reservations-state-expiring = Läuft bald ab

reservations-none-seen = Sie sehen noch keine Reservierungen. Hier erscheinen die, die Sie kaufen, und die anderer, sobald Sie eine Rolle an deren Aufträgen haben.
reservations-none-chosen = Keine Reservierung erfüllt alles, wonach gefragt wurde. Nehmen Sie einen Filter weg, oder suchen Sie unter allen.
reservations-none-active = Sie sehen keine aktive Reservierung.
reservations-none-expiring = Keine aktive Reservierung, die Sie sehen, läuft demnächst ab.
reservations-none-no-benefit = Jede aktive Reservierung, die Sie sehen, wird genutzt.
reservations-none-ended = Keine Reservierung, die Sie sehen, wurde zurückgegeben, umgetauscht oder beendet.
reservations-none-archived = Nichts, was Sie sehen, ist im Archiv. Beendete Reservierungen lassen sich dort ablegen.
reservations-none-all = Sie sehen keine Reservierungen.

reservations-filter = Filtern
reservations-filter-text = Suchen
reservations-filter-text-hint = Name, ID oder SKU
reservations-filter-customer = Kunde
reservations-filter-customer-hint = Teil des Namens
reservations-filter-type = Produktart
reservations-filter-region = Region
reservations-filter-term = Laufzeit
reservations-filter-scope = Bereich
reservations-filter-renew = Verlängerung
reservations-filter-within = Läuft ab
reservations-any = Beliebig
reservations-within-days = { $count ->
    [one] innerhalb von { $count } Tag
   *[other] innerhalb von { $count } Tagen
}
reservations-renewal-on = Verlängert sich selbst
reservations-renewal-off = Verlängert sich nicht
reservations-apply = Anwenden
reservations-clear = Filter aufheben
reservations-group = Nach Kunden gruppieren
reservations-ungroup = Eine Liste für alle Kunden
reservations-of-group = { $count ->
    [one] { $count } Reservierung
   *[other] { $count } Reservierungen
}

reservations-table = Reservierungen
reservations-sort-by = Sortieren nach
reservations-choose = { $name } auswählen
reservations-choose-all = Alle auf dieser Seite auswählen
reservations-column-name = Name
reservations-column-customer = Kunde
reservations-column-status = Status
reservations-column-quantity = Menge
reservations-column-expires = Läuft ab
reservations-column-scope = Bereich
reservations-column-term = Laufzeit
reservations-column-product = Art
reservations-column-region = Region
reservations-column-renewal = Verlängerung
reservations-on = Ein
reservations-off = Aus

reservations-pages = Seiten
reservations-first-page = Erste Seite
reservations-previous-page = Vorige Seite
reservations-next-page = Nächste Seite
