# The exchange, in its three steps.

exchange-search = Search the catalog
exchange-not-into = A { $from } reservation may not become this
