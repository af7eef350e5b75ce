"""The one way in for figures, dossiers and procedures: a cell is understood or told, never guessed.

Pure but for `opening` and the readers under it, which alone touch files.
"""
