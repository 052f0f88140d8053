"""Contingent: should we send troops, and on which terms?"""
