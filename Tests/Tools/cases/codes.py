# SPDX-License-Identifier: Apache-2.0
"""The codes of an auditor, in the order of section 5.6."""
CODES = """layout manifest chain people cards policy commitments shares readme clock signatures approval succession anchor
certificate validity key pkcs12 protection state records receipts equivocation challenges proofs requests releases refusals
quorum""".split()
