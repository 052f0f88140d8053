"""KTAB's Spatial Model of Politics, turn by turn: exact beside KTAB, or corrected, and compiled."""
