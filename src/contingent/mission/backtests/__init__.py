"""How well does the mission model forecast what is known to have happened?

Backtests: the tasks `losses`, `missions`, `relapse` and `truce` of `contingent backtest`.
"""
