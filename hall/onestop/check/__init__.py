"""Plays the hall against a vendor's software and judges it by the contract, rule by rule."""
