"""How good a forecast was: proper scores, baselines, and one record for every backtest."""
