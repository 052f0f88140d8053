"""Will it pass, on which terms, and by when?"""
