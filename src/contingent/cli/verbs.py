"""Which function stands behind each verb, and what the verb says."""

VERBS: dict[str, tuple[str, str]] = {
    "new": (
        "contingent.cli.scenario:new",
        "Start a scenario folder: a kind of mission to fill in, a copy, or a draft.",
    ),
    "check": ("contingent.cli.scenario:check", "List everything wrong with a scenario, then its unsourced numbers."),
    "explain": ("contingent.cli.reference:explain", "Say what a key, a measure, a number or a word means."),
    "schema": ("contingent.cli.reference:schema", "Print the JSON Schema of a scenario, for editors."),
    "run": ("contingent.cli.runs:run", "Run a scenario's options through all engines into a run folder."),
    "brief": ("contingent.cli.brief:brief", "Write the decision brief of a scenario or of a finished run."),
    "open": ("contingent.cli.brief:open_file", "Turn a brief (.html, .pdf) back into the run it was written from."),
    "compare": ("contingent.cli.compare:compare", "Compare two runs, or two options of a run, pairwise by run."),
    "weights": (
        "contingent.cli.compare:weights",
        "Ask about weights in a case's own units, and say what its sets of weights imply.",
    ),
    "trace": ("contingent.cli.trace:trace", "Follow a number to its formula, its inputs, and their claims."),
    "force": ("contingent.cli.force:force", "Plan the force: who brings what, where and when, and what is missing."),
    "ask": (
        "contingent.cli.contributors:ask",
        "List whom to ask next: who is in play, would agree, and so contributes.",
    ),
    "record": (
        "contingent.cli.contributors:record",
        "Show a state's UN service, its past decisions, and whether it would agree if asked.",
    ),
    "runs": ("contingent.cli.runs:runs", "List, show, remove or re-index finished runs."),
    "evidence": ("contingent.cli.evidence:evidence", "Turn an article, or a folder of them, into graded claims."),
    "consultation": (
        "contingent.cli.consultation:consultation",
        "Will an option pass, on which terms, by when; or KTAB's spatial model on a table.",
    ),
    "mission": ("contingent.cli.mission:mission", "Simulate what happens on the ground under an option, week by week."),
    "calibrate": (
        "contingent.cli.backtest:calibrate",
        "Say which of the mission's numbers data inform, and what they say.",
    ),
    "sheet": ("contingent.cli.scenario:sheet", "Export a scenario's force to a workbook, or import one."),
    "backtest": ("contingent.cli.backtest:backtest", "Score a forecasting task against its baselines on data."),
}
