"""Détente: a news monitor that reports mediation and escalation once, with its evidence."""

__version__ = "0.1.0"
