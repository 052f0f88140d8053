"""Which option, and how robustly?"""
