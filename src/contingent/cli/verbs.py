"""Which function stands behind each verb, and what the verb says."""

VERBS: dict[str, tuple[str, str]] = {
    "new": ("scenario:new", "Start a scenario folder: a kind of mission to fill in, a copy, or a draft."),
    "check": ("scenario:check", "List everything wrong with a scenario, then its unsourced numbers."),
    "migrate": ("scenario:migrate", "Show how an older file is written today; with --write, write it so."),
    "explain": ("reference:explain", "Say what a key, a measure, a number or a word means."),
    "schema": ("reference:schema", "Print the JSON Schema of a scenario, for editors."),
    "run": ("runs:run", "Run a scenario's options through all engines into a run folder."),
    "brief": ("brief:brief", "Write the decision brief of a scenario or of a finished run."),
    "open": ("brief:open_file", "Turn a brief (.html, .pdf) back into the run it was written from."),
    "compare": ("compare:compare", "Compare two runs, or two options of a run, pairwise by run."),
    "what-if": ("compare:what_if", "Change anything in a scenario, and see every result before and after."),
    "sweep": ("compare:sweep", "Try a whole table of changes, and write what each comes to."),
    "options": ("scenario:options", "Make up options beside those stated, and show the few that nobody rules out."),
    "weights": ("scenario:weights", "Ask about weights in a case's own units, and say what its sets of weights imply."),
    "trace": ("trace:trace", "Follow a number to its formula, its inputs, and their claims."),
    "force": ("force:force", "Plan the force: who brings what, where and when, and what is missing."),
    "ask": ("contributors:ask", "List whom to ask next: who is in play, would agree, and so contributes."),
    "record": (
        "contributors:record",
        "Show a state's UN service, its past decisions, and whether it would agree if asked.",
    ),
    "runs": ("runs:runs", "List, show, remove or re-index finished runs."),
    "evidence": ("evidence:evidence", "Turn an article, or a folder of them, into graded claims."),
    "consultation": (
        "consultation:consultation",
        "Will an option pass, on which terms, by when; or KTAB's spatial model on a table.",
    ),
    "mission": ("mission:mission", "Simulate what happens on the ground under an option, week by week."),
    "calibrate": ("backtest:calibrate", "Say which of the mission's numbers data inform, and what they say."),
    "sheet": ("scenario:sheet", "Export a scenario's force to a workbook, or import one."),
    "backtest": ("backtest:backtest", "Score a forecasting task against its baselines on data."),
}
"""By verb: `module:function` in this package, and a sentence."""
