# Die Suche im Katalog, auf den Seiten, die etwas verkaufen.

products-heading = Gefundene Produkte
products-text = Produkt suchen
products-text-example = D2s v5, SQL, eastus …
products-type = Typ
products-types = Typen
products-any-type = Jeder Typ
products-region = Region
products-any-region = Jede Region
products-no-region = Ohne Region
products-term = Laufzeit
products-any-term = Jede Laufzeit
products-plan = Zahlungsweise
products-search = Suchen
products-sku = Produkt
products-where = Region und Laufzeit
products-a-month = { $amount } im Monat
products-price = Ganze Laufzeit, je Einheit
products-add = Hinzufügen
products-choose = Wählen
products-earlier = Frühere
products-later = Weitere
products-found = { $count ->
    [one] { $count } Produkt
   *[other] { $count } Produkte
}
products-part = Produkte { $from } bis { $to }
products-none = Nichts Passendes wird verkauft. Lassen Sie ein Wort weg, oder suchen Sie in jeder Region.
products-no-more = Mehr gibt es nicht.
products-not-listed = Für das zahlende Abonnement lässt sich nichts auflisten: Wählen Sie eines, mit dem Sie kaufen dürfen.
products-type-stopped = Seit { $day } nicht mehr verkauft
products-series-stopped = Die Serie { $series } wird seit { $day } nicht mehr für { $term } verkauft
products-not-for-term = Nicht für { $term } erhältlich
products-not-by-plan = Mit dieser Zahlungsweise nicht erhältlich: { $plan }
products-no-price = Kein Preis in der Währung des Kontos
