# SPDX-License-Identifier: Apache-2.0
"""The conformance cases of docs/format.md, made with Python's libraries and libsodium: conformance.py writes them."""
