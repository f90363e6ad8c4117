"""What differs between operating systems, and between the interpreters on them: one file for each concern.

Everything else asks here and knows no system by its name. `docs/platforms.md` says what each system answers, and
`tests/system/test_one_place.py` finds questions that are asked elsewhere.
"""
