"""Figures as files that other programs open: CSV, workbook, JSON."""
