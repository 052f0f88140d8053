"""Which of the mission's numbers do data inform, and what do they say?"""
