# The search of the catalog, on the pages that sell something.

products-heading = Products found
products-text = Find a product
products-text-example = D2s v5, SQL, eastus …
products-type = Type
products-types = Types
products-any-type = Any type
products-region = Region
products-any-region = Any region
products-no-region = No region
products-term = Term
products-any-term = Any term
products-plan = Billing plan
products-search = Search
products-sku = Product
products-where = Region and term
products-a-month = { $amount } a month
products-price = Whole term, each
products-add = Add
products-choose = Choose
products-earlier = Earlier ones
products-later = More
products-found = { $count ->
    [one] { $count } product
   *[other] { $count } products
}
products-part = Products { $from } to { $to }
products-none = Nothing is sold that fits. Take a word away, or look in any region.
products-no-more = There are no more.
products-not-listed = Nothing can be listed for the subscription that pays: choose one that you may buy with.
products-type-stopped = Not sold since { $day }
products-series-stopped = The { $series } series is not sold for { $term } since { $day }
products-not-for-term = Not sold for { $term }
products-not-by-plan = Cannot be paid by this plan: { $plan }
products-no-price = No price in the account's currency
