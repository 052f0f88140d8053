"""Who brings what, and what is still missing?"""
