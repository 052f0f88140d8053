"""What happens on the ground, week by week?"""
