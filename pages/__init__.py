"""Ask a question, draw the answer: a module per page with TITLE and render(context), and what pages share.

How a page is written (pages/abstractions.py is the model):

    TITLE = "Abstractions"

    def render(context: Context) -> None:
        ids = ids_of(page="abstractions", role="card")          # whoever says so of itself has a card: no list here
        rate = id_of("abstractions", "lead")                    # the one that title, trend and first comparison show
        own = context.ask(*ids, months=charts.MONTHS)           # the selected area, month by month
        parts = context.ask(rate, level="sector")               # every sector in it, the selected month
        headline.title(context, "Abstraction", headed(own, rate), parts)   # the finding, by rules
        cards.row(context, own, ids, key="abs", compared=context.ask_compared(*ids))
        charts.trend(context, headed(own, rate), key="abs_trend", title="Abstraction rate by month")
        charts.ranked(context, parts, key="abs_where", title="Rate by sector")   # a click drills
        maps.areas(context, parts, key="abs_map", title="Abstraction rate by sector", layers=("hotspots",))
        tables.figures(context, parts, key="abs_table", title="Abstraction rate, every sector")

Then it is named in PAGES of pages/shell/order.py. A page may read widgets, ask, filter and sort what it got, draw and
offer the download. It may not aggregate, divide, join, format values by hand (pages.wording.words does) or touch SQL.

context    ask, ask_compared, indicator, name, with_names, place, selection, scope, settings, provisional
headline   the title's sentence; caption
cards      row of cards with verdict and sparkline
charts     trend, ranked, bars, stacked
grids      heat (weekday by hour)
days       calendar (a square with a letter for each day)
plots      scatter, funnel, waterfall; house.chart draws any other figure in the same frame
maps       areas, shaded in five fixed classes, with layers; zoom: the buttons and the click
tables     figures (an indicator, an area a row, each row a link to its area), rows (any frame), twin, download
findings   titles and empty states, each made from all rows it speaks of (pages.wording.findings)
once       what is made of the same rows for the same scope and selection is made once; a chart returns house.Drawn
method     “How is this worked out?” of one figure, and the definition as text
words      every number, change, month, level and verdict in words
palette    the house colours
"""
