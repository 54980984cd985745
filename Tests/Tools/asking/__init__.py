# SPDX-License-Identifier: Apache-2.0
"""Asks the program and both Python tools what they make of a conformance case: conform.py runs it."""
